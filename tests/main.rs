//! Behaviour tests.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise; clippy's own allowance covers #[test] functions only, not helpers"
)]

mod answers;
mod architecture;
mod audit;
mod backup;
mod bidi;
mod cli_commands;
mod clock_jumps;
mod codec;
mod contact;
mod daily;
mod desk_find;
mod desk_fuzz;
mod desk_lists;
mod desk_rules;
mod desk_story;
mod doctor;
mod documents;
mod duplicates;
mod eight_tasks;
mod evaluate;
mod exchange_import;
mod faults;
mod filter;
mod golden;
mod harness;
mod health;
mod hostile;
mod input;
mod keymap;
mod kill;
mod ledger;
mod link_remote;
mod made;
mod many;
mod meddled_disk;
mod merging;
mod office;
mod permit;
mod presets;
mod promises;
mod properties;
mod pty_terminal;
mod replay;
mod said_time;
mod search_any_text;
mod search_bulk;
mod search_find;
mod search_index;
mod search_kin;
mod search_office;
mod search_reindex;
mod store_damage;
mod store_failing;
mod store_laws;
mod store_open;
mod store_seals;
mod text;
mod thin;
mod tui_board;
mod tui_case;
mod tui_day;
mod tui_drafts;
mod tui_find;
mod tui_habits;
mod tui_intake;
mod tui_many;
mod tui_person;
mod tui_shell;
mod tui_tutor;
mod verify_faults;
mod working_day;
