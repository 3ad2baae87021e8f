//! Keys.
use anode_runtime::{JsResult, Scope};
use std::sync::Arc;
pub(crate) struct Key {}
pub(crate) type SharedKey = Arc<Key>;
pub(crate) fn wrap<'s>(sc: &mut Scope<'s>, key: SharedKey) -> JsResult<'s> {
    sc.native_object(None, std::rc::Rc::new(key))
}
