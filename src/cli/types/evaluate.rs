//! `casedesk types evaluate`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::super::Context;
use super::super::error::CliError;
use super::super::long::rounded;
use crate::desk::asked_words;
use crate::domain::suggest::{ClassFigures, Figures, Learner, measure};
use crate::exchange::{LabelledFile, LabelledRow, Mapping};

/// One row of so many is held out.
const HELD_OUT_EVERY: usize = 5;
/// Classes that are listed for people; JSON has all of them.
const CLASSES_LISTED: usize = 20;

/// Measures on requests of an office how often what is suggested for a new case would be right.
///
/// A part of the file is learned from, and the rest is asked about; no database is opened. The class is one column of the
/// file and the words are others. Words of a row's own class are taken out of its words first, for whoever asks does not
/// say what their matter is called.
///
///   casedesk types evaluate council.csv.gz --mapping nyc-council --words descriptor
///   casedesk types evaluate sf311.csv.gz --mapping sf311 --words descriptor --json
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(in crate::cli) struct Evaluate {
    /// The file: CSV, plain or gzip
    file: PathBuf,
    /// A mapping's name or file
    #[arg(long)]
    mapping: String,
    /// The column that is the class [default: the first column of the mapping's subject]
    #[arg(long, value_name = "COLUMN")]
    class: Option<String>,
    /// The columns that are words, with commas between [default: those of what is asked that are not the class]
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    words: Vec<String>,
    /// What is held out
    #[arg(long, value_enum, default_value_t = HoldOut::Newest)]
    hold_out: HoldOut,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum HoldOut {
    /// The newest fifth, as an office would meet it
    Newest,
    /// A fifth by a digest of the reference
    Digest,
}

#[derive(Debug, Serialize)]
struct Measured {
    class: String,
    words: Vec<String>,
    hold_out: &'static str,
    learned_from: usize,
    asked_about: usize,
    left_out: u64,
    classes_known: usize,
    words_known: usize,
    accuracy_1: f64,
    accuracy_3: f64,
    most_frequent: f64,
    threshold_percent: u8,
    coverage: f64,
    right_when_suggested: f64,
    by_class: Vec<ClassLine>,
}

#[derive(Debug, Serialize)]
struct ClassLine {
    class: String,
    cases: usize,
    found: usize,
    suggested: usize,
    right: usize,
}

impl Evaluate {
    pub(in crate::cli) fn run(&self, context: &Context) -> Result<(), CliError> {
        let mapping = Mapping::load(&self.mapping)?;
        let mut file =
            LabelledFile::open(&self.file, &mapping, self.class.as_deref(), &self.words)?;
        let mut rows = Vec::new();
        while let Some(row) = file.next_row()? {
            rows.push(row);
        }
        rows.sort_by(|one, other| {
            (&one.received, &one.reference).cmp(&(&other.received, &other.reference))
        });
        let (learned, asked) = self.divided(rows);
        let mut pupil = Learner::new();
        for (place, row) in learned.iter().enumerate() {
            // The file does not say who asked: every row counts as somebody else.
            pupil.add(words_of(row), &row.class, u64::try_from(place).unwrap_or(u64::MAX));
        }
        let model = pupil.finish();
        let figures = measure(&model, asked.iter().map(|row| (words_of(row), row.class.clone())));
        let (class, words) = file.columns();
        let measured = Measured {
            class: class.to_owned(),
            words: words.into_iter().map(str::to_owned).collect(),
            hold_out: match self.hold_out {
                HoldOut::Newest => "newest fifth",
                HoldOut::Digest => "fifth by digest",
            },
            learned_from: learned.len(),
            asked_about: asked.len(),
            left_out: file.left_out,
            classes_known: model.classes(),
            words_known: model.vocabulary(),
            accuracy_1: rounded_share(&figures, figures.first),
            accuracy_3: rounded_share(&figures, figures.among_three),
            most_frequent: rounded_share(&figures, figures.most_frequent),
            threshold_percent: model.threshold_percent(),
            coverage: rounded_share(&figures, figures.suggested),
            right_when_suggested: thousandths(figures.precision()),
            by_class: lines(figures),
        };
        context.output.show(&measured, Measured::lines)
    }

    /// What is learned from, and what is asked about.
    fn divided(&self, rows: Vec<LabelledRow>) -> (Vec<LabelledRow>, Vec<LabelledRow>) {
        let newest_from = rows.len() - rows.len() / HELD_OUT_EVERY;
        let (mut learned, mut asked) = (Vec::new(), Vec::new());
        for (place, row) in rows.into_iter().enumerate() {
            let is_asked = match self.hold_out {
                HoldOut::Newest => place >= newest_from,
                HoldOut::Digest => digest(&row.reference).is_multiple_of(HELD_OUT_EVERY as u64),
            };
            if is_asked { asked.push(row) } else { learned.push(row) }
        }
        (learned, asked)
    }
}

/// The words of a row without those of its own class.
fn words_of(row: &LabelledRow) -> Vec<String> {
    let of_class: BTreeSet<String> = asked_words(&row.class).into_iter().collect();
    let words = asked_words(&row.words).into_iter();
    words.filter(|word| !of_class.contains(word)).collect()
}

/// FNV-1a: the same rows are held out by every run and on every machine.
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

fn rounded_share(figures: &Figures, cases: usize) -> f64 {
    thousandths(figures.share(cases))
}

fn thousandths(share: f64) -> f64 {
    rounded(share * 10.0) / 10.0
}

/// The classes, those of the most cases first.
fn lines(figures: Figures) -> Vec<ClassLine> {
    let mut lines: Vec<ClassLine> = figures
        .classes
        .into_iter()
        .map(|(class, ClassFigures { cases, found, suggested, right })| ClassLine {
            class,
            cases,
            found,
            suggested,
            right,
        })
        .collect();
    lines.sort_by(|one, other| other.cases.cmp(&one.cases).then(one.class.cmp(&other.class)));
    lines
}

impl Measured {
    fn lines(&self) -> Vec<String> {
        let percent = |share: f64| format!("{:.1} %", share * 100.0);
        let threshold = if self.threshold_percent > 100 {
            "none is right often enough: nothing would be suggested".to_owned()
        } else {
            format!("{} %", self.threshold_percent)
        };
        let mut shown = vec![
            format!("class            column {}", self.class),
            format!(
                "words            columns {}, without the words of the row's own class",
                self.words.join(", ")
            ),
            format!(
                "learned from     {} rows; asked about {} ({}); {} left out without class or words",
                self.learned_from, self.asked_about, self.hold_out, self.left_out
            ),
            format!("known            {} classes, {} words", self.classes_known, self.words_known),
            format!("first is right   {}", percent(self.accuracy_1)),
            format!("in first three   {}", percent(self.accuracy_3)),
            format!(
                "most frequent    {} (always saying the commonest class)",
                percent(self.most_frequent)
            ),
            format!("threshold        {threshold}"),
            format!("suggested for    {}", percent(self.coverage)),
            format!("right then       {}", percent(self.right_when_suggested)),
            String::new(),
            format!(
                "{:<44} {:>7} {:>7} {:>9} {:>7}",
                "class", "cases", "first", "suggested", "right"
            ),
        ];
        shown.extend(self.by_class.iter().take(CLASSES_LISTED).map(|line| {
            let name: String = line.class.chars().take(44).collect();
            let ClassLine { cases, found, suggested, right, .. } = line;
            format!("{name:<44} {cases:>7} {found:>7} {suggested:>9} {right:>7}")
        }));
        let more = self.by_class.len().saturating_sub(CLASSES_LISTED);
        if more > 0 {
            shown.push(format!("and {more} more classes (--json has all)"));
        }
        shown
    }
}
