//! Records and frames come back as they were, and damaged bytes are errors.

use casedesk::codec::{
    CodecError, EncodedList, FRAME_BYTES_MAX, RECORD_BYTES_MAX, Record, decode, decode_payload,
    decode_record, encode, encode_record, from_bytes, open, to_bytes,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::harness::Dice;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Step {
    Received,
    Held { reason: String, until: Option<i32> },
    Closed(u8),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Sample {
    reference: u64,
    subject: String,
    steps: Vec<Step>,
    tags: BTreeMap<String, u128>,
}

impl Record for Sample {
    const TYPE: u8 = 7;
    const VERSION: u8 = 2;

    fn upgrade(version: u8, payload: &[u8]) -> Result<Self, CodecError> {
        match version {
            1 => {
                let (reference, subject) = decode_payload::<(u64, String)>(payload)?;
                Ok(Self { reference, subject, steps: vec![], tags: BTreeMap::new() })
            }
            version => Err(CodecError::UnknownVersion { type_tag: Self::TYPE, version }),
        }
    }
}

fn sample() -> Sample {
    Sample {
        reference: 20_931,
        subject: "Rent subsidy late".into(),
        steps: vec![
            Step::Received,
            Step::Held { reason: "citizen".into(), until: Some(-4) },
            Step::Closed(3),
        ],
        tags: BTreeMap::from([("کرایه".into(), u128::MAX)]),
    }
}

impl Dice {
    fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..self.roll(most)).map(|_| u8::try_from(self.roll(256)).unwrap()).collect()
    }
}

#[test]
fn a_record_comes_back_as_it_was() {
    let bytes = encode_record(&sample()).unwrap();
    assert_eq!(decode_record::<Sample>(&bytes).unwrap(), sample());
    let envelope = open(&bytes).unwrap();
    assert_eq!((envelope.type_tag, envelope.version), (7, 2));
}

#[test]
fn the_bytes_of_a_record_never_change() {
    let bytes = encode(1, 2, &(300_u64, "a", Some(Step::Closed(9)))).unwrap();
    assert_eq!(bytes, [1, 2, 0, 0xca, 0x2f, 0x55, 0x48, 251, 44, 1, 1, b'a', 1, 2, 9]);
}

#[test]
fn an_older_schema_is_upgraded_and_an_unknown_one_is_named() {
    let old = encode(7, 1, &(5_u64, "Damp")).unwrap();
    assert_eq!(decode_record::<Sample>(&old).unwrap().subject, "Damp");
    let newer = encode(7, 3, &5_u64).unwrap();
    assert!(matches!(
        decode_record::<Sample>(&newer),
        Err(CodecError::UnknownVersion { type_tag: 7, version: 3 })
    ));
    assert!(matches!(
        decode::<u64>(7, 4, &newer),
        Err(CodecError::UnknownVersion { version: 3, .. })
    ));
}

#[test]
fn a_record_of_another_type_is_refused() {
    let bytes = encode(8, 2, &5_u64).unwrap();
    assert!(matches!(
        decode_record::<Sample>(&bytes),
        Err(CodecError::WrongType { expected: 7, found: 8 })
    ));
}

#[test]
fn any_flipped_bit_and_any_cut_is_damage() {
    let bytes = encode_record(&sample()).unwrap();
    for bit in 0..bytes.len() * 8 {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert!(
            matches!(decode_record::<Sample>(&damaged), Err(CodecError::Checksum { .. })),
            "bit {bit}"
        );
    }
    for length in 0..bytes.len() {
        assert!(decode_record::<Sample>(&bytes[..length]).is_err(), "cut to {length}");
    }
}

#[test]
fn an_encrypted_record_without_its_key_is_named() {
    let mut bytes = encode_record(&sample()).unwrap();
    bytes[2] = 4;
    let sum = crc32c::crc32c(&[&bytes[..3], &bytes[7..]].concat());
    bytes[3..7].copy_from_slice(&sum.to_be_bytes());
    assert!(matches!(open(&bytes), Err(CodecError::UnknownKey { key_id: 4 })));
}

#[test]
fn bytes_left_over_are_an_error() {
    let mut frame = to_bytes(&5_u8, 100).unwrap();
    frame.push(0);
    assert!(matches!(from_bytes::<u8>(&frame, 100), Err(CodecError::LeftOver { bytes: 1 })));
    let wide = encode(7, 2, &(1_u8, 2_u8)).unwrap();
    assert!(matches!(decode::<u8>(7, 2, &wide), Err(CodecError::LeftOver { bytes: 1 })));
}

#[test]
fn a_length_that_promises_a_tebibyte_is_refused_before_anything_is_allocated() {
    let mut promise = vec![253];
    promise.extend_from_slice(&(1_u64 << 40).to_le_bytes());
    assert!(matches!(from_bytes::<String>(&promise, FRAME_BYTES_MAX), Err(CodecError::Decode(_))));
    assert!(matches!(decode_payload::<Vec<u8>>(&promise), Err(CodecError::Decode(_))));
    assert!(matches!(decode_payload::<Vec<String>>(&promise), Err(CodecError::Decode(_))));
}

#[test]
fn limits_hold_on_both_ways() {
    let largest = vec![1_u64; RECORD_BYTES_MAX - 7 - 3];
    let bytes = encode(7, 1, &largest).unwrap();
    assert_eq!(bytes.len(), RECORD_BYTES_MAX);
    assert_eq!(
        decode::<Vec<u64>>(7, 1, &bytes).unwrap(),
        largest,
        "small numbers count at full width"
    );
    let wider = vec![1_u128; RECORD_BYTES_MAX - 7 - 3];
    assert_eq!(decode::<Vec<u128>>(7, 1, &encode(7, 1, &wider).unwrap()).unwrap(), wider);
    assert!(matches!(
        encode(7, 1, &vec![1_u64; RECORD_BYTES_MAX]),
        Err(CodecError::TooLarge { max, .. }) if max < RECORD_BYTES_MAX
    ));
    assert!(matches!(to_bytes("four", 4), Err(CodecError::TooLarge { bytes: 5, max: 4 })));
    assert!(matches!(from_bytes::<String>(b"\x04four", 4), Err(CodecError::TooLarge { .. })));
    assert_eq!(from_bytes::<String>(b"\x04four", 5).unwrap(), "four");
}

/// Every answer but a panic is right here, for a payload without a checksum may happen to be a value.
#[test]
fn ten_thousand_damaged_inputs_are_answered_without_a_panic() {
    let mut dice = Dice(0xC0DEC);
    let whole = encode_record(&sample()).unwrap();
    for round in 0..10_000 {
        let bytes = if round % 2 == 0 {
            dice.bytes(200)
        } else {
            let mut mutated = whole.clone();
            for _ in 0..=dice.roll(6) {
                let place = dice.roll(mutated.len());
                mutated[place] = u8::try_from(dice.roll(256)).unwrap();
            }
            mutated.truncate(1 + dice.roll(mutated.len()));
            mutated
        };
        if bytes != whole {
            assert!(decode_record::<Sample>(&bytes).is_err(), "{bytes:?}");
        }
        let payload = bytes.get(7..).unwrap_or(&bytes);
        if let Ok(value) = from_bytes::<Sample>(payload, FRAME_BYTES_MAX) {
            let again = to_bytes(&value, FRAME_BYTES_MAX).unwrap();
            assert_eq!(from_bytes::<Sample>(&again, FRAME_BYTES_MAX).unwrap(), value);
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Steps {
    steps: Vec<Step>,
}

impl Record for Steps {
    const TYPE: u8 = 8;
    const VERSION: u8 = 2;

    fn upgrade(version: u8, payload: &[u8]) -> Result<Self, CodecError> {
        match version {
            1 => {
                let closed = decode_payload::<Vec<u8>>(payload)?;
                Ok(Self { steps: closed.into_iter().map(Step::Closed).collect() })
            }
            version => Err(CodecError::UnknownVersion { type_tag: Self::TYPE, version }),
        }
    }
}

#[test]
fn what_is_appended_to_a_list_makes_the_bytes_that_the_whole_list_has() {
    let step = |number: u16| match number % 3 {
        0 => Step::Received,
        1 => Step::Held { reason: "å".repeat(usize::from(number % 20)), until: Some(-7) },
        _ => Step::Closed(u8::try_from(number % 251).unwrap()),
    };
    let (mut list, mut whole) = (EncodedList::default(), Steps::default());
    assert!(list.is_empty());
    // Beyond the numbers that take one byte.
    for number in 0..9_000 {
        let mut own = EncodedList::default();
        own.push(&step(number)).unwrap();
        let foretold = list.bytes_with(&own).unwrap();
        list.push(&step(number)).unwrap();
        whole.steps.push(step(number));
        let Ok(bytes) = encode_record(&whole) else {
            assert!(matches!(list.close::<Steps>(), Err(CodecError::TooLarge { .. })));
            return;
        };
        assert_eq!((list.close::<Steps>().unwrap(), foretold), (bytes.clone(), bytes.len()));
        assert_eq!(EncodedList::open::<Steps>(&bytes).unwrap(), list);
    }
    unreachable!("so much fits into no record");
}

#[test]
fn lists_are_joined_and_one_of_an_older_schema_is_made_anew() {
    let older = EncodedList::open::<Steps>(&encode(8, 1, &vec![4_u8, 5]).unwrap()).unwrap();
    let mut joined = older.clone();
    joined.extend(&older);
    let steps = [4, 5, 4, 5].map(Step::Closed).to_vec();
    assert_eq!(decode_record::<Steps>(&joined.close::<Steps>().unwrap()).unwrap().steps, steps);
    let mut damaged = encode_record(&Steps { steps }).unwrap();
    damaged[9] ^= 1;
    assert!(matches!(EncodedList::open::<Steps>(&damaged), Err(CodecError::Checksum { .. })));
    let other = encode_record(&Sample {
        reference: 1,
        subject: String::new(),
        steps: vec![],
        tags: BTreeMap::new(),
    });
    assert!(EncodedList::open::<Steps>(&other.unwrap()).is_err());
}
