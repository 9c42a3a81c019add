//! The program: hands its arguments to the command line and ends with its code.

use std::process::ExitCode;

fn main() -> ExitCode {
    casedesk::cli::run(std::env::args_os())
}
