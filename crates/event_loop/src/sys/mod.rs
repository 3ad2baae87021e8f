//! System calls that std and rustix lack: the crate's only `unsafe`, behind safe functions.

pub(crate) mod fd;
pub(crate) mod resolve;
pub(crate) mod signal;
pub(crate) mod spawn;
pub(crate) mod title;
