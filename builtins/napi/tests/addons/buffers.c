#include "common.h"
static int freed;
static void fin(napi_env env, void* d, void* h) { freed++; free(d); }
#define ST(s, r) return (s) == napi_pending_exception ? NULL : (s) ? num(env, -(int)(s)) : (r)
FN(ab) { ARGS(1); uint32_t n; napi_get_value_uint32(env, a[0], &n); void* p; napi_value r; napi_status s = napi_create_arraybuffer(env, n, &p, &r); if (!s && n) memset(p, 7, n); ST(s, r); }
FN(extab) { napi_value r; char* p = malloc(4); memcpy(p, "abcd", 4); napi_status s = napi_create_external_arraybuffer(env, p, 4, fin, NULL, &r); ST(s, r); }
FN(info) { ARGS(1); void* p; size_t n; napi_status s = napi_get_arraybuffer_info(env, a[0], &p, &n); ST(s, num(env, n)); }
FN(isab) { ARGS(1); bool r; napi_is_arraybuffer(env, a[0], &r); return bol(env, r); }
FN(detach) { ARGS(1); napi_status s = napi_detach_arraybuffer(env, a[0]); ST(s, num(env, 0)); }
FN(isdetached) { ARGS(1); bool r; napi_is_detached_arraybuffer(env, a[0], &r); return bol(env, r); }
FN(typed) { ARGS(4); uint32_t t, n, o; napi_get_value_uint32(env, a[0], &t); napi_get_value_uint32(env, a[2], &n); napi_get_value_uint32(env, a[3], &o); napi_value r; napi_status s = napi_create_typedarray(env, t, n, a[1], o, &r); bool p; napi_is_exception_pending(env, &p); if (p) return NULL; ST(s, r); }
FN(typedinfo) { ARGS(1); napi_typedarray_type t; size_t n, o; void* p; napi_value b; napi_status s = napi_get_typedarray_info(env, a[0], &t, &n, &p, &b, &o); if (s) return num(env, -(int)s); napi_value r; napi_create_array(env, &r); napi_set_element(env, r, 0, num(env, t)); napi_set_element(env, r, 1, num(env, n)); napi_set_element(env, r, 2, num(env, o)); napi_set_element(env, r, 3, b); napi_set_element(env, r, 4, num(env, n ? *(unsigned char*)p : -1)); return r; }
FN(view) { ARGS(3); uint32_t n, o; napi_get_value_uint32(env, a[1], &n); napi_get_value_uint32(env, a[2], &o); napi_value r; napi_status s = napi_create_dataview(env, n, a[0], o, &r); ST(s, r); }
FN(viewinfo) { ARGS(1); size_t n, o; void* p; napi_value b; bool is; napi_is_dataview(env, a[0], &is); napi_status s = napi_get_dataview_info(env, a[0], &n, &p, &b, &o); if (s) return num(env, is ? -99 : -(int)s); napi_value r; napi_create_array(env, &r); napi_set_element(env, r, 0, num(env, n)); napi_set_element(env, r, 1, num(env, o)); napi_set_element(env, r, 2, b); return r; }
FN(buf) { ARGS(1); uint32_t n; napi_get_value_uint32(env, a[0], &n); void* p; napi_value r; napi_status s = napi_create_buffer(env, n, &p, &r); if (n) memset(p, 'b', n); ST(s, r); }
FN(copy) { void* p; napi_value r; napi_create_buffer_copy(env, 4, "copy", &p, &r); ((char*)p)[0] = 'C'; return r; }
FN(ext) { napi_value r; napi_create_external_buffer(env, 3, strdup("ext"), fin, NULL, &r); return r; }
FN(isbuf) { ARGS(1); bool r; napi_is_buffer(env, a[0], &r); return bol(env, r); }
FN(xor) { ARGS(1); unsigned char* p; size_t n; napi_status s = napi_get_buffer_info(env, a[0], (void**)&p, &n); if (s) return num(env, -(int)s); for (int k = 0; k < 100; k++) { napi_value junk; napi_create_array_with_length(env, 100, &junk); } napi_value sc, x; sc = str(env, "globalThis.gc && gc(); gc && gc()"); napi_run_script(env, sc, &x); for (size_t i = 0; i < n; i++) p[i] ^= 0xff; return num(env, n); }
FN(fromab) { ARGS(3); uint32_t n, o; napi_get_value_uint32(env, a[1], &o); napi_get_value_uint32(env, a[2], &n); napi_value r; napi_status s = node_api_create_buffer_from_arraybuffer(env, a[0], o, n, &r); bool p; napi_is_exception_pending(env, &p); if (p) return NULL; ST(s, r); }
FN(count) { return num(env, freed); }
FN(external) { ARGS(1); int64_t n; napi_get_value_int64(env, a[0], &n); int64_t r; napi_adjust_external_memory(env, n, &r); return num(env, r); }
NAPI_MODULE_INIT() { EXPORT(ab); EXPORT(extab); EXPORT(info); EXPORT(isab); EXPORT(detach); EXPORT(isdetached); EXPORT(typed); EXPORT(typedinfo); EXPORT(view); EXPORT(viewinfo); EXPORT(buf); EXPORT(copy); EXPORT(ext); EXPORT(isbuf); EXPORT(xor); EXPORT(fromab); EXPORT(count); EXPORT(external); return exports; }
