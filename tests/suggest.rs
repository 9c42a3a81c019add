//! What closed cases suggest: which words decided, what is never said, and how it is measured.

use casedesk::domain::suggest::{Learner, Model, measure};

use crate::harness::Dice;

/// Words of six subjects: five of their own each, and ten that all share.
fn text(dice: &mut Dice, class: usize) -> Vec<String> {
    let own = (0..3).map(|_| format!("own{class}x{}", dice.roll(5))).collect::<Vec<_>>();
    let shared = (0..4).map(|_| format!("shared{}", dice.roll(10))).collect::<Vec<_>>();
    let mut words: Vec<String> = own.into_iter().chain(shared).collect();
    if dice.roll(4) == 0 {
        words.push(format!("own{}x{}", dice.roll(6), dice.roll(5)));
    }
    words.sort();
    words.dedup();
    words
}

fn learned(dice: &mut Dice, cases: u64) -> Model {
    let mut learner = Learner::new();
    for asker in 0..cases {
        let class = dice.roll(6);
        learner.add(text(dice, class), &format!("S-{class}"), asker);
    }
    learner.finish()
}

#[test]
fn without_any_word_that_is_named_the_class_would_be_less_likely() {
    let mut dice = Dice(0x5eed);
    let model = learned(&mut dice, 900);
    let mut said = 0;
    for _ in 0..300 {
        let class = dice.roll(6);
        let words = text(&mut dice, class);
        let Some(suggestion) = model.suggest(&words) else { continue };
        said += 1;
        let score = |words: &[String]| model.score(words, &suggestion.class).unwrap();
        let fall = |left_out: &String| {
            let rest: Vec<_> = words.iter().filter(|word| *word != left_out).cloned().collect();
            score(&words) - score(&rest)
        };
        let falls: Vec<f64> = suggestion.words.iter().map(fall).collect();
        assert!(falls.iter().all(|fall| *fall > 0.0), "{suggestion:?}: {falls:?}");
        assert!(falls.is_sorted_by(|one, other| one >= other), "the weightiest come first");
        let least = falls.last().copied().unwrap_or(f64::INFINITY);
        let others = words.iter().filter(|word| !suggestion.words.contains(word));
        for other in others.filter(|word| model.knows(word)) {
            assert!(fall(other) <= least.max(0.0) + 1e-9, "{other} weighs more than what is named");
        }
    }
    assert!(said > 200, "most of these texts are plain: {said}");
}

#[test]
fn a_word_of_few_people_is_unknown_however_often_they_used_it() {
    let mut learner = Learner::new();
    for number in 0..60_u64 {
        // Four people write forty of the cases.
        let asker = if number < 40 { number % 4 } else { number };
        let class = if number % 2 == 0 { "A" } else { "B" };
        // What stands everywhere says nothing.
        let everywhere = "the".to_owned();
        let name = if number < 40 { "mohammadi" } else { "somebody" };
        learner.add(vec![name.to_owned(), format!("about{class}"), everywhere], class, asker);
    }
    let model = learner.finish();
    assert!(!model.knows("mohammadi"), "four people used it");
    assert!(model.knows("somebody") && model.knows("aboutA"));
    assert!(!model.knows("the"));
}

#[test]
fn nothing_is_suggested_where_words_tell_nothing() {
    let mut dice = Dice(7);
    let mut learner = Learner::new();
    for asker in 0..600 {
        let words = (0..5).map(|_| format!("w{}", dice.roll(30))).collect();
        learner.add(words, &format!("S-{}", dice.roll(6)), asker);
    }
    let model = learner.finish();
    let suggested = (0..200).filter(|_| {
        let words: Vec<String> = (0..5).map(|_| format!("w{}", dice.roll(30))).collect();
        model.suggest(&words).is_some()
    });
    assert_eq!(suggested.count(), 0, "threshold {}", model.threshold_percent());
    assert_eq!(model.suggest(&["unknown"]), None);
    assert_eq!(Model::default().suggest(&["anything"]), None);
}

#[test]
fn figures_count_what_was_asked_and_the_class_that_is_always_said() {
    let mut dice = Dice(99);
    let model = learned(&mut dice, 900);
    let asked: Vec<_> = (0..300)
        .map(|_| {
            let class = dice.roll(6);
            (text(&mut dice, class), format!("S-{class}"))
        })
        .collect();
    let figures = measure(&model, asked.into_iter());
    assert_eq!(figures.cases, 300);
    assert!(figures.first <= figures.among_three && figures.right <= figures.suggested);
    assert!(figures.share(figures.first) > 0.9 && figures.precision() > 0.9, "{figures:?}");
    assert!(figures.share(figures.most_frequent) < 0.3);
    assert_eq!(figures.classes.values().map(|class| class.cases).sum::<usize>(), 300);
    assert_eq!(
        figures.classes.values().map(|class| class.suggested).sum::<usize>(),
        figures.suggested
    );
}
