//! Sessions are there if SQLite was compiled with them: scripts/setup.sh puts the flags into cargo's configuration.

use std::env;

fn main() {
    println!("cargo:rerun-if-env-changed=LIBSQLITE3_FLAGS");
    println!("cargo:rustc-check-cfg=cfg(sessions)");
    if env::var("LIBSQLITE3_FLAGS").is_ok_and(|flags| flags.contains("SQLITE_ENABLE_SESSION")) {
        println!("cargo:rustc-cfg=sessions");
    }
}
