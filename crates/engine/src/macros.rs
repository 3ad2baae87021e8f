//! Local shorthands for the engine's own rooting.

/// Roots the object of a [`crate::Local`] on the stack for the rest of the block.
macro_rules! root_object {
    ($sc:expr, $name:ident = $local:expr) => {
        mozjs::rooted!(in($sc.cx()) let $name = $local.object_ptr());
    };
}

/// A raw engine handle to a stack root.
macro_rules! h {
    ($root:expr) => {
        crate::sys::handle(&$root)
    };
}

/// A raw mutable engine handle to a stack root.
macro_rules! hm {
    ($root:expr) => {
        crate::sys::handle_mut(&mut $root)
    };
}
