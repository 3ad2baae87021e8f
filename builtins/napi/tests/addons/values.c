#include "common.h"
FN(type) { ARGS(1); napi_valuetype t; napi_typeof(env, a[0], &t); return num(env, t); }
FN(dbl) { ARGS(1); double v; napi_status s = napi_get_value_double(env, a[0], &v); return s ? num(env, -1000 - (int)s) : num(env, v); }
FN(i32) { ARGS(1); int32_t v; napi_status s = napi_get_value_int32(env, a[0], &v); return s ? num(env, -1000 - (int)s) : num(env, v); }
FN(u32) { ARGS(1); uint32_t v; napi_status s = napi_get_value_uint32(env, a[0], &v); return s ? num(env, -1000 - (int)s) : num(env, v); }
FN(i64) { ARGS(1); int64_t v; napi_status s = napi_get_value_int64(env, a[0], &v); if (s) return num(env, -1000 - (int)s); napi_value r; napi_create_bigint_int64(env, v, &r); return r; }
FN(back64) { ARGS(1); int64_t v; napi_get_value_int64(env, a[0], &v); napi_value r; napi_create_int64(env, v, &r); return r; }
FN(boolean) { ARGS(1); bool v; napi_status s = napi_get_value_bool(env, a[0], &v); return s ? num(env, -1000 - (int)s) : bol(env, v); }
FN(utf8) { ARGS(2); char b[64]; memset(b, 'x', 64); size_t n = 777, size; uint32_t z; napi_get_value_uint32(env, a[1], &z); napi_status s = napi_get_value_string_utf8(env, a[0], b, z, &n); if (s) return num(env, -1000 - (int)s); napi_value r; napi_create_string_utf8(env, b, n, &r); return r; }
FN(utf8len) { ARGS(1); size_t n; napi_status s = napi_get_value_string_utf8(env, a[0], NULL, 0, &n); return s ? num(env, -1000 - (int)s) : num(env, n); }
FN(latin1) { ARGS(2); char b[64]; size_t n; uint32_t z; napi_get_value_uint32(env, a[1], &z); napi_status s = napi_get_value_string_latin1(env, a[0], b, z, &n); if (s) return num(env, -1000 - (int)s); napi_value r; napi_create_string_latin1(env, b, n, &r); return r; }
FN(utf16) { ARGS(2); char16_t b[64]; size_t n; uint32_t z; napi_get_value_uint32(env, a[1], &z); napi_status s = napi_get_value_string_utf16(env, a[0], b, z, &n); if (s) return num(env, -1000 - (int)s); napi_value r; napi_create_string_utf16(env, b, n, &r); return r; }
FN(rawutf8) { napi_value r; napi_create_string_utf8(env, "a\xff\xc3\xa9\xf0\x9f\x98\x80", 8, &r); return r; }
FN(sym) { ARGS(1); napi_value r; napi_status s = napi_create_symbol(env, argc ? a[0] : NULL, &r); return s ? num(env, s) : r; }
FN(symfor) { napi_value r; node_api_symbol_for(env, "reg", NAPI_AUTO_LENGTH, &r); return r; }
FN(big) { ARGS(1); int64_t v; bool l; napi_status s = napi_get_value_bigint_int64(env, a[0], &v, &l); if (s) return num(env, s); napi_value r, x, y; napi_create_array(env, &r); napi_create_bigint_int64(env, v, &x); napi_set_element(env, r, 0, x); napi_set_element(env, r, 1, bol(env, l)); return r; }
FN(ubig) { ARGS(1); uint64_t v; bool l; napi_status s = napi_get_value_bigint_uint64(env, a[0], &v, &l); if (s) return num(env, s); napi_value r, x; napi_create_array(env, &r); napi_create_bigint_uint64(env, v, &x); napi_set_element(env, r, 0, x); napi_set_element(env, r, 1, bol(env, l)); return r; }
FN(words) { ARGS(1); size_t n; napi_get_value_bigint_words(env, a[0], NULL, &n, NULL); uint64_t w[16]; int sign; size_t m = 16; napi_get_value_bigint_words(env, a[0], &sign, &m, w); if (n != m) return num(env, -1); napi_value r; napi_create_bigint_words(env, sign, m, w, &r); return r; }
FN(toolong) { napi_value r; uint64_t w[1] = {1}; napi_status s = napi_create_bigint_words(env, 0, 1 << 25, w, &r); return s == napi_pending_exception ? NULL : num(env, s); }
FN(date) { ARGS(1); double v; napi_get_value_double(env, a[0], &v); napi_value r; napi_create_date(env, v, &r); return r; }
FN(time) { ARGS(1); double v; bool is; napi_is_date(env, a[0], &is); napi_status s = napi_get_date_value(env, a[0], &v); return s ? num(env, is ? -1 : -1000 - (int)s) : num(env, v); }
FN(coerce) { ARGS(2); uint32_t k; napi_get_value_uint32(env, a[1], &k); napi_value r; napi_status s = k == 0 ? napi_coerce_to_bool(env, a[0], &r) : k == 1 ? napi_coerce_to_number(env, a[0], &r) : k == 2 ? napi_coerce_to_string(env, a[0], &r) : napi_coerce_to_object(env, a[0], &r); if (s == napi_pending_exception) return NULL; return s ? num(env, -1000 - (int)s) : r; }
FN(equal) { ARGS(2); bool r; napi_strict_equals(env, a[0], a[1], &r); return bol(env, r); }
static int freed;
static void fin(napi_env env, void* d, void* h) { freed++; }
FN(external) { napi_value r; bool copied = false; static char text[] = "external text"; node_api_create_external_string_latin1(env, text, NAPI_AUTO_LENGTH, fin, NULL, &r, &copied); return r; }
FN(key) { napi_value r; node_api_create_property_key_utf8(env, "kéy", NAPI_AUTO_LENGTH, &r); return r; }
FN(global) { napi_value r; napi_get_global(env, &r); return r; }
FN(singletons) { napi_value r, x; napi_create_array_with_length(env, 4, &r); napi_get_undefined(env, &x); napi_set_element(env, r, 0, x); napi_get_null(env, &x); napi_set_element(env, r, 1, x); napi_get_boolean(env, true, &x); napi_set_element(env, r, 2, x); napi_get_boolean(env, false, &x); napi_set_element(env, r, 3, x); return r; }
FN(nulls) { napi_value r; return num(env, (napi_create_int32(env, 1, NULL) == 1) + (napi_get_value_double(env, NULL, NULL) == 1) + (napi_create_string_utf8(env, NULL, 3, &r) == 1) + (napi_typeof(env, NULL, NULL) == 1) + (napi_create_object(NULL, &r) == 1)); }
NAPI_MODULE_INIT() { EXPORT(type); EXPORT(dbl); EXPORT(i32); EXPORT(u32); EXPORT(i64); EXPORT(back64); EXPORT(boolean); EXPORT(utf8); EXPORT(utf8len); EXPORT(latin1); EXPORT(utf16); EXPORT(rawutf8); EXPORT(sym); EXPORT(symfor); EXPORT(big); EXPORT(ubig); EXPORT(words); EXPORT(toolong); EXPORT(date); EXPORT(time); EXPORT(coerce); EXPORT(equal); EXPORT(external); EXPORT(key); EXPORT(global); EXPORT(singletons); EXPORT(nulls); return exports; }
