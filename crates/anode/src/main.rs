//! The command line program: options, start-up, the list of builtins, exit codes.

#![forbid(unsafe_code)]

mod builtins;
mod cli;
mod config_file;
mod start;

fn main() {
    anode_process::note_start();
    let code = match cli::parse(std::env::args_os().collect()) {
        Ok(command) => start::run(command),
        Err(problem) => {
            use std::io::Write as _;
            // Standard error may be closed; the exit code says it all the same.
            let _written = writeln!(std::io::stderr(), "{problem}");
            cli::EXIT_BAD_OPTION
        }
    };
    anode_engine::Engine::exit_process(code)
}
