//! System call errors as Node shows them: `errno`, `code`, `syscall`, `path`, `dest`, in this order.

use anode_engine::{ErrorClass, Local, Scope, Thrown};

/// A failed system call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SystemError {
    /// The operating system's number, positive.
    pub errno: i32,
    /// Name of the call as Node writes it, such as `open` or `scandir`.
    pub syscall: &'static str,
    /// What it was called on, as raw bytes.
    pub path: Option<Vec<u8>>,
    /// Its second path.
    pub dest: Option<Vec<u8>>,
}

impl SystemError {
    /// An error without paths.
    pub fn new(errno: i32, syscall: &'static str) -> SystemError {
        SystemError { errno, syscall, path: None, dest: None }
    }

    /// With the path it was about.
    #[must_use]
    pub fn with_path(mut self, path: &[u8]) -> SystemError {
        self.path = Some(path.to_vec());
        self
    }

    /// With its second path.
    #[must_use]
    pub fn with_dest(mut self, dest: &[u8]) -> SystemError {
        self.dest = Some(dest.to_vec());
        self
    }
}

/// What a [`Scope`] can do with system errors.
pub trait ThrowSystem<'s> {
    /// Makes Node's error object, without throwing it.
    fn system_error(&mut self, error: &SystemError) -> Result<Local<'s>, Thrown>;
    /// Throws Node's error for a failed system call.
    fn throw_system(&mut self, error: &SystemError) -> Thrown;
}

impl<'s> ThrowSystem<'s> for Scope<'s> {
    fn system_error(&mut self, error: &SystemError) -> Result<Local<'s>, Thrown> {
        let (code, text) = describe(error.errno);
        let mut message = format!("{code}: {text}, {}", error.syscall);
        let path = error.path.as_deref().map(String::from_utf8_lossy);
        let dest = error.dest.as_deref().map(String::from_utf8_lossy);
        if let Some(path) = &path {
            message.push_str(&format!(" '{path}'"));
        }
        if let Some(dest) = &dest {
            message.push_str(&format!(" -> '{dest}'"));
        }
        let object = self.make_error(ErrorClass::Error, &message)?;
        let value = self.int(-error.errno);
        self.set(object, "errno", value)?;
        let value = self.string(&code);
        self.set(object, "code", value)?;
        let value = self.string(error.syscall);
        self.set(object, "syscall", value)?;
        if let Some(path) = &path {
            let value = self.string(path);
            self.set(object, "path", value)?;
        }
        if let Some(dest) = &dest {
            let value = self.string(dest);
            self.set(object, "dest", value)?;
        }
        Ok(object)
    }

    fn throw_system(&mut self, error: &SystemError) -> Thrown {
        match self.system_error(error) {
            Ok(object) => self.throw(object),
            Err(thrown) => thrown,
        }
    }
}

/// libuv's name and description of an error number. libuv docs: Error handling.
pub fn describe(errno: i32) -> (String, String) {
    match ERRNO.iter().find(|(number, ..)| *number == errno) {
        Some((_, code, text)) => ((*code).to_owned(), (*text).to_owned()),
        None => (format!("Unknown system error -{errno}"), format!("Unknown system error -{errno}")),
    }
}

/// Linux numbers; libuv's names and texts.
const ERRNO: &[(i32, &str, &str)] = &[
    (1, "EPERM", "operation not permitted"),
    (2, "ENOENT", "no such file or directory"),
    (3, "ESRCH", "no such process"),
    (4, "EINTR", "interrupted system call"),
    (5, "EIO", "i/o error"),
    (6, "ENXIO", "no such device or address"),
    (7, "E2BIG", "argument list too long"),
    (8, "ENOEXEC", "exec format error"),
    (9, "EBADF", "bad file descriptor"),
    (11, "EAGAIN", "resource temporarily unavailable"),
    (12, "ENOMEM", "not enough memory"),
    (13, "EACCES", "permission denied"),
    (14, "EFAULT", "bad address in system call argument"),
    (16, "EBUSY", "resource busy or locked"),
    (17, "EEXIST", "file already exists"),
    (18, "EXDEV", "cross-device link not permitted"),
    (19, "ENODEV", "no such device"),
    (20, "ENOTDIR", "not a directory"),
    (21, "EISDIR", "illegal operation on a directory"),
    (22, "EINVAL", "invalid argument"),
    (23, "ENFILE", "file table overflow"),
    (24, "EMFILE", "too many open files"),
    (25, "ENOTTY", "inappropriate ioctl for device"),
    (26, "ETXTBSY", "text file is busy"),
    (27, "EFBIG", "file too large"),
    (28, "ENOSPC", "no space left on device"),
    (29, "ESPIPE", "invalid seek"),
    (30, "EROFS", "read-only file system"),
    (31, "EMLINK", "too many links"),
    (32, "EPIPE", "broken pipe"),
    (34, "ERANGE", "result too large"),
    (36, "ENAMETOOLONG", "name too long"),
    (38, "ENOSYS", "function not implemented"),
    (39, "ENOTEMPTY", "directory not empty"),
    (40, "ELOOP", "too many symbolic links encountered"),
    (49, "EUNATCH", "protocol driver not attached"),
    (61, "ENODATA", "no data available"),
    (64, "ENONET", "machine is not on the network"),
    (71, "EPROTO", "protocol error"),
    (75, "EOVERFLOW", "value too large for defined data type"),
    (84, "EILSEQ", "illegal byte sequence"),
    (88, "ENOTSOCK", "socket operation on non-socket"),
    (89, "EDESTADDRREQ", "destination address required"),
    (90, "EMSGSIZE", "message too long"),
    (91, "EPROTOTYPE", "protocol wrong type for socket"),
    (92, "ENOPROTOOPT", "protocol not available"),
    (93, "EPROTONOSUPPORT", "protocol not supported"),
    (94, "ESOCKTNOSUPPORT", "socket type not supported"),
    (95, "ENOTSUP", "operation not supported on socket"),
    (97, "EAFNOSUPPORT", "address family not supported"),
    (98, "EADDRINUSE", "address already in use"),
    (99, "EADDRNOTAVAIL", "address not available"),
    (100, "ENETDOWN", "network is down"),
    (101, "ENETUNREACH", "network is unreachable"),
    (103, "ECONNABORTED", "software caused connection abort"),
    (104, "ECONNRESET", "connection reset by peer"),
    (105, "ENOBUFS", "no buffer space available"),
    (106, "EISCONN", "socket is already connected"),
    (107, "ENOTCONN", "socket is not connected"),
    (108, "ESHUTDOWN", "cannot send after transport endpoint shutdown"),
    (110, "ETIMEDOUT", "connection timed out"),
    (111, "ECONNREFUSED", "connection refused"),
    (112, "EHOSTDOWN", "host is down"),
    (113, "EHOSTUNREACH", "host is unreachable"),
    (114, "EALREADY", "connection already in progress"),
    (121, "EREMOTEIO", "remote I/O error"),
    (125, "ECANCELED", "operation canceled"),
];
