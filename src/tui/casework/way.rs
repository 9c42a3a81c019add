//! The ways by which a reply can go, and the words of a template filled in for one of them.

use crate::desk::{CaseFileAnswer, PartyLine};
use crate::domain::PersonId;
use crate::domain::cases::{Channel, ReplyTemplate};

use super::editor::Scene;

/// Somebody, and a way to reach them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) person: PersonId,
    pub(super) name: String,
    pub(super) form_of_address: String,
    pub(super) channel: Channel,
    pub(super) address: String,
}

/// Every way, that to whom letters go first, then that to who asked.
pub(super) fn ways(file: &CaseFileAnswer) -> Vec<Way> {
    let mut parties: Vec<&PartyLine> = file.parties.iter().collect();
    parties.sort_by_key(|party| {
        let is_role = |role: &str| !party.role.contains(role);
        (is_role("letters"), is_role("asked"))
    });
    parties
        .into_iter()
        .flat_map(|party| {
            party.reply.iter().map(|(channel, address)| Way {
                person: party.person,
                name: party.name.clone(),
                form_of_address: party.form_of_address.clone(),
                channel: *channel,
                address: address.clone(),
            })
        })
        .collect()
}

/// A template's words for this case and person, and where in them (in characters) there is something to add.
pub(super) fn fill(
    template: &ReplyTemplate,
    way: Option<&Way>,
    scene: &Scene,
) -> (String, Option<usize>) {
    let (family, given) = way.map_or(("", ""), |way| {
        way.name.split_once(", ").map_or((way.name.as_str(), ""), |(family, given)| (family, given))
    });
    let form_of_address = way.map_or("", |way| way.form_of_address.as_str());
    let name = if form_of_address.is_empty() && !given.is_empty() {
        format!("{given} {family}")
    } else {
        family.to_owned()
    };
    let values = [
        ("{address}", form_of_address),
        ("{name}", name.as_str()),
        ("{case}", &scene.row.id.to_string()),
        ("{subject}", &scene.row.subject),
        ("{caseworker}", &scene.who.caseworker.name),
    ];
    let text =
        replaced(template.text, &values).replace("Dear  ", "Dear ").replace("Dear ,", "Good day,");
    let gap =
        text.find(": \n").map(|at| text.char_indices().take_while(|(i, _)| *i < at + 2).count());
    (text, gap)
}

/// Puts values in the places of their names, in one pass: a value that looks like a name is left alone.
fn replaced(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('{') {
        filled.push_str(before);
        let found = values.iter().find_map(|(name, value)| {
            let after = from.strip_prefix(name.strip_prefix('{')?)?;
            Some((value, after))
        });
        if let Some((value, after)) = found {
            filled.push_str(value);
            rest = after;
        } else {
            filled.push('{');
            rest = from;
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn a_name_that_looks_like_a_placeholder_stays_a_name() {
        let values = [("{name}", "{case}"), ("{case}", "C-1")];
        assert_eq!(
            replaced("Dear {name}, {case} {other} {", &values),
            "Dear {case}, C-1 {other} {"
        );
    }
}
