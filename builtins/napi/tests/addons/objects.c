#include "common.h"
static napi_value status(napi_env env, napi_status s, napi_value r) { return s == napi_pending_exception ? NULL : s ? num(env, -1000 - (int)s) : r; }
FN(get) { ARGS(2); napi_value r; napi_status s = napi_get_property(env, a[0], a[1], &r); return status(env, s, r); }
FN(set) { ARGS(3); napi_status s = napi_set_property(env, a[0], a[1], a[2]); return status(env, s, a[0]); }
FN(has) { ARGS(2); bool r; napi_status s = napi_has_property(env, a[0], a[1], &r); return status(env, s, bol(env, r)); }
FN(own) { ARGS(2); bool r; napi_status s = napi_has_own_property(env, a[0], a[1], &r); return status(env, s, bol(env, r)); }
FN(del) { ARGS(2); bool r; napi_status s = napi_delete_property(env, a[0], a[1], &r); return status(env, s, bol(env, r)); }
FN(named) { ARGS(1); napi_value r; bool h; napi_set_named_property(env, a[0], "näme", num(env, 7)); napi_has_named_property(env, a[0], "näme", &h); napi_status s = napi_get_named_property(env, a[0], "näme", &r); return h ? status(env, s, r) : NULL; }
FN(elements) { ARGS(1); napi_value r; bool h, d; napi_set_element(env, a[0], 3, str(env, "three")); napi_has_element(env, a[0], 3, &h); napi_get_element(env, a[0], 3, &r); napi_set_element(env, a[0], 4294967290u, num(env, 1)); napi_delete_element(env, a[0], 0, &d); return h && d ? r : NULL; }
FN(names) { ARGS(1); napi_value r; napi_status s = napi_get_property_names(env, a[0], &r); return status(env, s, r); }
FN(allnames) { ARGS(4); uint32_t m, f, c; napi_get_value_uint32(env, a[1], &m); napi_get_value_uint32(env, a[2], &f); napi_get_value_uint32(env, a[3], &c); napi_value r; napi_status s = napi_get_all_property_names(env, a[0], m, f, c, &r); return status(env, s, r); }
FN(proto) { ARGS(1); napi_value r; napi_status s = napi_get_prototype(env, a[0], &r); return status(env, s, r); }
FN(freeze) { ARGS(1); return status(env, napi_object_freeze(env, a[0]), a[0]); }
FN(seal) { ARGS(1); return status(env, napi_object_seal(env, a[0]), a[0]); }
FN(array) { ARGS(1); bool is; uint32_t n = 0; napi_is_array(env, a[0], &is); napi_status s = napi_get_array_length(env, a[0], &n); return is ? num(env, n) : status(env, s, NULL); }
FN(instance) { ARGS(2); bool r; napi_status s = napi_instanceof(env, a[0], a[1], &r); bool p; napi_is_exception_pending(env, &p); if (p) return NULL; return status(env, s, bol(env, r)); }
FN(getter) { void* data; napi_get_cb_info(env, info, NULL, NULL, NULL, &data); return str(env, data); }
FN(setter) { ARGS(1); napi_set_named_property(env, self, "_set", a[0]); return num(env, 1); }
FN(method) { ARGS(2); napi_value r; napi_create_array(env, &r); napi_set_element(env, r, 0, self); napi_set_element(env, r, 1, num(env, argc)); napi_set_element(env, r, 2, a[1]); return r; }
FN(define) { ARGS(2); napi_property_descriptor p[] = {
  { "value", NULL, NULL, NULL, NULL, str(env, "v"), napi_enumerable, NULL }, { "accessor", NULL, NULL, getter, setter, NULL, napi_enumerable | napi_configurable, "data" },
  { NULL, a[1], method, NULL, NULL, NULL, napi_default_jsproperty, NULL }, { "readonly", NULL, NULL, getter, NULL, NULL, napi_default, "ro" } };
  return status(env, napi_define_properties(env, a[0], 4, p), a[0]); }
FN(badname) { ARGS(1); napi_property_descriptor p[] = { { NULL, num(env, 1), NULL, NULL, NULL, num(env, 1), napi_default, NULL } }; return num(env, napi_define_properties(env, a[0], 1, p)); }
NAPI_MODULE_INIT() { EXPORT(get); EXPORT(set); EXPORT(has); EXPORT(own); EXPORT(del); EXPORT(named); EXPORT(elements); EXPORT(names); EXPORT(allnames); EXPORT(proto); EXPORT(freeze); EXPORT(seal); EXPORT(array); EXPORT(instance); EXPORT(define); EXPORT(badname); return exports; }
