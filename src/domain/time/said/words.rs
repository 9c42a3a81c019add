//! The words of times, in five languages: days, parts of the day, units, months, and what stands between them.

/// A language in which times are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tongue {
    /// English.
    English,
    /// Spanish.
    Spanish,
    /// Turkish.
    Turkish,
    /// Norwegian Bokmål.
    Norwegian,
    /// Persian, in its own letters or in Latin ones.
    Persian,
}

impl Tongue {
    /// All of them; where a word means different things, the first that knows it decides.
    pub const ALL: [Self; 5] =
        [Self::English, Self::Spanish, Self::Turkish, Self::Norwegian, Self::Persian];

    /// The code in the preferences, as BCP 47 has it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
            Self::Turkish => "tr",
            Self::Norwegian => "nb",
            Self::Persian => "fa",
        }
    }

    /// The language of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tongue| tongue.code() == code)
    }
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Minutes,
    Hours,
    Days,
    Weeks,
}

/// What a word or phrase means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// A weekday, Monday being 0.
    Weekday(u8),
    /// So many days after today.
    Ahead(i32),
    Noon,
    Morning,
    Afternoon,
    Am,
    Pm,
    /// Says that what follows is an hour.
    At,
    /// Says nothing.
    Filler,
    /// Stands before or after what is counted from now.
    FromNow,
    One,
    Half,
    /// A unit in full, as `hours`.
    Unit(Unit),
    /// A unit in one letter, as `h`.
    Letter(Unit),
    /// A month of everybody's calendar.
    Month(i8),
    /// A month of the Persian calendar.
    PersianMonth(i8),
}

/// Letters of a weekday that are enough.
const LETTERS_MIN: usize = 3;

/// What a word or phrase means, but for months.
pub(super) fn meaning(phrase: &str, tongue: Tongue) -> Option<Word> {
    let listed = lists(tongue).iter().find(|(_, words)| words.contains(&phrase));
    listed.map(|(word, _)| *word).or_else(|| weekday(phrase, tongue))
}

/// What a word means as a month, where a day of the month stands before it.
pub(super) fn month(phrase: &str, tongue: Tongue) -> Option<Word> {
    let at = |months: &[&str; 12], letters: Option<usize>| {
        let place = months.iter().position(|month| {
            let short: String =
                letters.map(|count| month.chars().take(count).collect()).unwrap_or_default();
            *month == phrase || short == phrase
        });
        place.and_then(|place| i8::try_from(place + 1).ok())
    };
    match tongue {
        Tongue::English => at(&ENGLISH_MONTHS, Some(3)).map(Word::Month),
        Tongue::Spanish => at(&SPANISH_MONTHS, Some(3)).map(Word::Month),
        Tongue::Turkish => at(&TURKISH_MONTHS, Some(3)).map(Word::Month),
        Tongue::Norwegian => at(&NORWEGIAN_MONTHS, Some(3)).map(Word::Month),
        Tongue::Persian => {
            let latin = at(&PERSIAN_MONTHS, None);
            latin.or_else(|| at(&PERSIAN_MONTHS_IN_LATIN, None)).map(Word::PersianMonth)
        }
    }
}

/// The weekday of a name, or of its first letters: the shortest name that begins with them.
fn weekday(phrase: &str, tongue: Tongue) -> Option<Word> {
    let letters = phrase.chars().count();
    let fits = |name: &str| name == phrase || (letters >= LETTERS_MIN && name.starts_with(phrase));
    let found = weekdays(tongue).iter().enumerate().flat_map(|(day, names)| {
        names.split(' ').filter(|name| fits(name)).map(move |name| (name.chars().count(), day))
    });
    found.min().and_then(|(_, day)| u8::try_from(day).ok()).map(Word::Weekday)
}

/// The names of the weekdays from Monday on, folded; Persian ones are joined.
fn weekdays(tongue: Tongue) -> &'static [&'static str; 7] {
    match tongue {
        Tongue::English => &[
            "monday mo",
            "tuesday tu",
            "wednesday we",
            "thursday th",
            "friday fr",
            "saturday sa",
            "sunday su",
        ],
        Tongue::Spanish => &[
            "lunes lu",
            "martes ma",
            "miercoles mi",
            "jueves ju",
            "viernes vi",
            "sabado",
            "domingo do",
        ],
        Tongue::Turkish => &[
            "pazartesi pzt",
            "sali",
            "carsamba crs",
            "persembe prs",
            "cuma",
            "cumartesi cmt",
            "pazar pz",
        ],
        Tongue::Norwegian => {
            &["mandag", "tirsdag", "onsdag", "torsdag to", "fredag", "lordag", "sondag"]
        }
        Tongue::Persian => &[
            "دوشنبه doshanbe",
            "سهشنبه seshanbe",
            "چهارشنبه chaharshanbe",
            "پنجشنبه panjshanbe",
            "جمعه jome jomeh",
            "شنبه shanbe",
            "یکشنبه yekshanbe",
        ],
    }
}

const ENGLISH_MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const SPANISH_MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];
const TURKISH_MONTHS: [&str; 12] = [
    "ocak", "subat", "mart", "nisan", "mayis", "haziran", "temmuz", "agustos", "eylul", "ekim",
    "kasim", "aralik",
];
const NORWEGIAN_MONTHS: [&str; 12] = [
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
];
const PERSIAN_MONTHS: [&str; 12] = [
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
];
const PERSIAN_MONTHS_IN_LATIN: [&str; 12] = [
    "farvardin",
    "ordibehesht",
    "khordad",
    "tir",
    "mordad",
    "shahrivar",
    "mehr",
    "aban",
    "azar",
    "dey",
    "bahman",
    "esfand",
];

type List = (Word, &'static [&'static str]);

fn lists(tongue: Tongue) -> &'static [List] {
    match tongue {
        Tongue::English => ENGLISH,
        Tongue::Spanish => SPANISH,
        Tongue::Turkish => TURKISH,
        Tongue::Norwegian => NORWEGIAN,
        Tongue::Persian => PERSIAN,
    }
}

const ENGLISH: &[List] = &[
    (Word::Ahead(0), &["today"]),
    (Word::Ahead(1), &["tomorrow", "tom", "tmrw"]),
    (Word::Ahead(2), &["day after tomorrow", "the day after tomorrow"]),
    (Word::Noon, &["noon", "midday"]),
    (Word::Morning, &["morning", "in the morning", "this morning"]),
    (Word::Afternoon, &["afternoon", "in the afternoon", "this afternoon"]),
    (Word::Am, &["am"]),
    (Word::Pm, &["pm"]),
    (Word::At, &["at"]),
    (Word::Filler, &["on", "by", "before", "o'clock", "oclock", "the"]),
    (Word::FromNow, &["in", "later", "from now", "within"]),
    (Word::One, &["a", "an", "one"]),
    (Word::Half, &["half", "half a", "half an"]),
    (Word::Letter(Unit::Hours), &["h"]),
    (Word::Letter(Unit::Minutes), &["m"]),
    (Word::Letter(Unit::Days), &["d"]),
    (Word::Letter(Unit::Weeks), &["w"]),
    (Word::Unit(Unit::Hours), &["hour", "hours", "hr", "hrs"]),
    (Word::Unit(Unit::Minutes), &["minute", "minutes", "min", "mins"]),
    (Word::Unit(Unit::Days), &["day", "days"]),
    (Word::Unit(Unit::Weeks), &["week", "weeks"]),
];

const SPANISH: &[List] = &[
    (Word::Ahead(0), &["hoy"]),
    (Word::Ahead(1), &["manana"]),
    (Word::Ahead(2), &["pasado manana", "pasado"]),
    (Word::Noon, &["mediodia", "al mediodia", "medio dia"]),
    (Word::Morning, &["por la manana", "de la manana"]),
    (Word::Afternoon, &["tarde", "por la tarde", "de la tarde", "esta tarde"]),
    (Word::At, &["a las", "a la", "las"]),
    (Word::Filler, &["el", "de", "antes"]),
    (Word::FromNow, &["en", "dentro de", "dentro"]),
    (Word::One, &["un", "una", "uno"]),
    (Word::Half, &["media", "medio"]),
    (Word::Unit(Unit::Hours), &["hora", "horas"]),
    (Word::Unit(Unit::Minutes), &["minuto", "minutos"]),
    (Word::Unit(Unit::Days), &["dia", "dias"]),
    (Word::Unit(Unit::Weeks), &["semana", "semanas"]),
];

const TURKISH: &[List] = &[
    (Word::Ahead(0), &["bugun"]),
    (Word::Ahead(1), &["yarin"]),
    (Word::Ahead(2), &["obur gun", "ertesi gun"]),
    (Word::Noon, &["ogle", "oglen", "ogleyin"]),
    (Word::Morning, &["sabah", "ogleden once", "bu sabah"]),
    (Word::Afternoon, &["ogleden sonra"]),
    (Word::Filler, &["gunu", "kadar", "once"]),
    (Word::FromNow, &["sonra", "icinde"]),
    (Word::One, &["bir"]),
    (Word::Half, &["yarim"]),
    (Word::Unit(Unit::Hours), &["saat"]),
    (Word::Unit(Unit::Minutes), &["dakika", "dk"]),
    (Word::Unit(Unit::Days), &["gun"]),
    (Word::Unit(Unit::Weeks), &["hafta"]),
];

const NORWEGIAN: &[List] = &[
    (Word::Ahead(0), &["i dag", "idag"]),
    (Word::Ahead(1), &["i morgen", "imorgen"]),
    (Word::Ahead(2), &["i overmorgen", "overmorgen"]),
    (Word::Noon, &["middag", "midt pa dagen"]),
    (Word::Morning, &["morgen", "formiddag", "i formiddag", "tidlig", "om morgenen"]),
    (Word::Afternoon, &["ettermiddag", "i ettermiddag", "om ettermiddagen"]),
    (Word::At, &["kl", "klokken", "klokka"]),
    (Word::Filler, &["pa", "den", "innen"]),
    (Word::FromNow, &["om"]),
    (Word::One, &["ett", "en"]),
    (Word::Half, &["halv", "en halv"]),
    (Word::Letter(Unit::Hours), &["t"]),
    (Word::Unit(Unit::Hours), &["time", "timer"]),
    (Word::Unit(Unit::Minutes), &["minutt", "minutter"]),
    (Word::Unit(Unit::Days), &["dag", "dager"]),
    (Word::Unit(Unit::Weeks), &["uke", "uker"]),
];

const PERSIAN: &[List] = &[
    (Word::Ahead(0), &["امروز", "emruz"]),
    (Word::Ahead(1), &["فردا", "farda"]),
    (Word::Ahead(2), &["پسفردا", "پس فردا"]),
    (Word::Weekday(6), &["یک شنبه"]),
    (Word::Weekday(0), &["دو شنبه"]),
    (Word::Weekday(1), &["سه شنبه"]),
    (Word::Weekday(2), &["چهار شنبه"]),
    (Word::Weekday(3), &["پنج شنبه"]),
    (Word::Noon, &["ظهر"]),
    (Word::Morning, &["صبح", "قبل از ظهر"]),
    (Word::Afternoon, &["عصر", "بعدازظهر", "بعد از ظهر"]),
    (Word::Filler, &["تا", "در"]),
    (Word::FromNow, &["دیگر", "دیگه", "بعد"]),
    (Word::One, &["یک"]),
    (Word::Half, &["نیم"]),
    (Word::Unit(Unit::Hours), &["ساعت"]),
    (Word::Unit(Unit::Minutes), &["دقیقه"]),
    (Word::Unit(Unit::Days), &["روز"]),
    (Word::Unit(Unit::Weeks), &["هفته"]),
];
