//! What the documents say is true: the README's commands run as they stand, and CI runs what the README says.

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

fn document(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The words of a shell line, without its comment; quotes keep words together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for letter in line.chars() {
        match letter {
            '#' if !is_quoted => break,
            '"' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            _ => words.last_mut().unwrap().push(letter),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The code blocks of a document, as lines.
fn blocks(text: &str) -> Vec<Vec<&str>> {
    text.split("```").skip(1).step_by(2).map(|block| block.lines().skip(1).collect()).collect()
}

#[test]
fn the_readme_begins_with_the_two_commands_and_ci_runs_them() {
    let readme = document("README.md");
    assert_eq!(blocks(&readme)[0], ["cargo run --release -- demo", "cargo test"]);
    let ci = document(".ci/run");
    for command in blocks(&readme)[0]
        .iter()
        .chain(&["cargo fmt --check", "cargo clippy --all-targets -- -D warnings"])
    {
        assert!(ci.lines().any(|line| line == *command), "CI does not run `{command}`");
    }
}

#[test]
fn the_commands_of_the_readme_run_as_they_stand() {
    let readme = document("README.md");
    let blocks = blocks(&readme);
    let block =
        blocks.iter().find(|lines| lines.iter().any(|line| line.contains("office enrol"))).unwrap();
    let home = tempfile::tempdir().unwrap();
    let mut requests = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    requests
        .write_all(b"unique_key,account,opendate,closedate,complaint_type,descriptor,zip,borough,city,council_dist,community_board\nN1,NYCC01,2021-12-31,,Housing,Heat,10016,Manhattan,New York,NYCC02,05 Manhattan\n")
        .unwrap();
    std::fs::write(home.path().join("requests.csv.gz"), requests.finish().unwrap()).unwrap();
    let people = "id\tgiven\tfamily\tother_names\tbirth_date\taddress\tphone\tnational_id\tcountry\n1\tSara\tMohammadi\t\t1986-03-02\tAzadi 12, Oslo\t91234567\t123456789\tNO\n";
    std::fs::write(home.path().join("people.tsv"), people).unwrap();
    let mut ran = 0;
    for line in block {
        let words = words(line);
        // The bare program needs a terminal; the tests of the terminal open it.
        let [program, arguments @ ..] = words.as_slice() else { continue };
        if program != "casedesk" || arguments.is_empty() {
            continue;
        }
        let output = crate::harness::program()
            .args(arguments)
            .current_dir(home.path())
            .env_clear()
            .env("HOME", home.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "`{line}` says: {told}");
        ran += 1;
    }
    assert!(ran >= 6, "only {ran} commands were found");
}

#[test]
fn the_readme_names_the_presets_and_mappings_that_are_shipped() {
    let readme = document("README.md");
    for preset in casedesk::keymap::PRESETS {
        assert!(
            readme.contains(&format!("`{}`", preset.0)),
            "the README forgets the keymap {}",
            preset.0
        );
    }
    for mapping in casedesk::exchange::SHIPPED {
        assert!(
            readme.contains(&format!("`{}`", mapping.0)),
            "the README forgets the mapping {}",
            mapping.0
        );
    }
}
