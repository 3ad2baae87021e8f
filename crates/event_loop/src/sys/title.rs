//! The title of a process, as `ps` shows it: Linux takes it from the memory of the program's arguments.

#![expect(unsafe_code, reason = "the arguments' memory is known by its address only")]

/// Fields of /proc/self/stat (proc_pid_stat(5)) after the name in brackets: where the arguments begin, and where they end.
const ARG_START: usize = 45;
const ARG_END: usize = 46;

/// Writes `title` over the program's arguments, cut to their room. Does nothing where the system does not say where they are.
/// Whoever reads the arguments from then on reads the title.
pub fn set_process_title(title: &[u8]) {
    let Some((start, size)) = argument_memory() else { return };
    let room = size - 1;
    let title = &title[..title.len().min(room)];
    let memory = std::ptr::with_exposed_provenance_mut::<u8>(start);
    // SAFETY: the kernel put the arguments there, `size` bytes that belong to this process and stay for its life. Only the standard
    // library's list of arguments points to them, which reads them byte by byte up to a NUL; the last byte is one.
    let memory = unsafe { std::slice::from_raw_parts_mut(memory, size) };
    memory[..title.len()].copy_from_slice(title);
    memory[title.len()..].fill(0);
}

/// Address and size in bytes of the arguments' memory.
fn argument_memory() -> Option<(usize, usize)> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split_ascii_whitespace();
    let start: usize = fields.nth(ARG_START)?.parse().ok()?;
    let end: usize = fields.nth(ARG_END - ARG_START - 1)?.parse().ok()?;
    (start > 0 && end > start).then(|| (start, end - start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_found() {
        let (start, size) = argument_memory().unwrap();
        let first = std::env::args_os().next().unwrap().len();
        assert!(start > 0 && size > first);
    }
}
