#include "common.h"
static int finalized; static char log_[4096];
static void fin(napi_env env, void* d, void* h) { finalized++; }
static napi_ref refs[16];
#define IDX uint32_t i; napi_get_value_uint32(env, a[0], &i)
FN(create) { ARGS(3); IDX; uint32_t n; napi_get_value_uint32(env, a[2], &n); return num(env, napi_create_reference(env, a[1], n, &refs[i])); }
FN(value) { ARGS(1); IDX; napi_value r; napi_get_reference_value(env, refs[i], &r); return r ? r : str(env, "gone"); }
FN(ref) { ARGS(1); IDX; uint32_t n; napi_status s = napi_reference_ref(env, refs[i], &n); return num(env, s ? -(int)s : (int)n); }
FN(unref) { ARGS(1); IDX; uint32_t n; napi_status s = napi_reference_unref(env, refs[i], &n); return num(env, s ? -(int)s : (int)n); }
FN(drop) { ARGS(1); IDX; napi_status s = napi_delete_reference(env, refs[i]); refs[i] = NULL; return num(env, s); }
FN(watch) { ARGS(1); return num(env, napi_add_finalizer(env, a[0], NULL, fin, NULL, NULL)); }
FN(watchref) { ARGS(2); uint32_t i; napi_get_value_uint32(env, a[1], &i); return num(env, napi_add_finalizer(env, a[0], NULL, fin, NULL, &refs[i])); }
FN(wrap) { ARGS(1); return num(env, napi_wrap(env, a[0], NULL, fin, NULL, NULL)); }
FN(external) { napi_value r; napi_create_external(env, (void*)0xFFFF123456789ABCull, fin, NULL, &r); return r; }
FN(extvalue) { ARGS(1); void* p = NULL; napi_status s = napi_get_value_external(env, a[0], &p); return s ? num(env, -(int)s) : bol(env, p == (void*)0xFFFF123456789ABCull); }
FN(exttype) { ARGS(1); napi_valuetype t; napi_typeof(env, a[0], &t); return num(env, t); }
FN(buffer) { napi_value r; napi_create_external_buffer(env, 5, strdup("hello"), fin, NULL, &r); return r; }
FN(count) { return num(env, finalized); }
static void finjs(napi_env env, void* d, void* h) { napi_value g, f; napi_handle_scope s; napi_open_handle_scope(env, &s); napi_get_global(env, &g); napi_get_named_property(env, g, "fromFinalizer", &f); napi_call_function(env, g, f, 0, NULL, NULL); napi_close_handle_scope(env, s); }
FN(watchjs) { ARGS(1); napi_add_finalizer(env, a[0], NULL, finjs, NULL, NULL); return NULL; }
FN(scopes) { ARGS(1); uint32_t n; napi_get_value_uint32(env, a[0], &n); napi_value keep; napi_create_array(env, &keep);
  for (uint32_t i = 0; i < n; i++) { napi_handle_scope s; napi_open_handle_scope(env, &s); napi_value o, t; napi_create_object(env, &o); t = str(env, "some text that is not short"); napi_set_named_property(env, o, "t", t);
    napi_escapable_handle_scope e; napi_open_escapable_handle_scope(env, &e); napi_value inner, out, twice; napi_create_array(env, &inner); napi_set_element(env, inner, 0, o); napi_escape_handle(env, e, inner, &out); if (napi_escape_handle(env, e, inner, &twice) != napi_escape_called_twice) return NULL; napi_close_escapable_handle_scope(env, e);
    if (i % 1000 == 0) napi_set_element(env, keep, i / 1000, out); napi_close_handle_scope(env, s); }
  return keep; }
FN(manyhandles) { ARGS(1); napi_value first = str(env, "first"); for (int i = 0; i < 50000; i++) { napi_value o; napi_create_object(env, &o); napi_set_named_property(env, o, "i", num(env, i)); } napi_set_named_property(env, a[0], "x", first); return first; }
NAPI_MODULE_INIT() { EXPORT(create); EXPORT(value); EXPORT(ref); EXPORT(unref); EXPORT(drop); EXPORT(watch); EXPORT(watchref); EXPORT(wrap); EXPORT(external); EXPORT(extvalue); EXPORT(exttype); EXPORT(buffer); EXPORT(count); EXPORT(watchjs); EXPORT(scopes); EXPORT(manyhandles); return exports; }
