#include "common.h"
static int finalized, lastdata;
static void fin(napi_env env, void* d, void* h) { finalized++; lastdata = *(int*)d; free(d); }
static napi_ref ctorref;
FN(ctor) { ARGS(1); napi_value nt; napi_get_new_target(env, info, &nt); if (!nt) { napi_throw_type_error(env, "NO_NEW", "needs new"); return NULL; }
  int* p = malloc(sizeof(int)); *p = 0; if (argc) napi_get_value_int32(env, a[0], p); napi_status s = napi_wrap(env, self, p, fin, NULL, NULL); if (s) { napi_throw_error(env, NULL, "wrap"); return NULL; }
  napi_set_named_property(env, self, "target", nt); return self; }
FN(value) { ARGS(1); int* p; napi_status s = napi_unwrap(env, self, (void**)&p); if (s) { napi_throw_error(env, NULL, "no wrap"); return NULL; } if (argc) napi_get_value_int32(env, a[0], p); return num(env, *p); }
FN(inc) { ARGS(1); int* p; napi_status s = napi_unwrap(env, self, (void**)&p); if (s) return num(env, -(int)s); ++*p; return self; }
FN(make) { ARGS(1); napi_value c, r; napi_get_reference_value(env, ctorref, &c); napi_status s = napi_new_instance(env, c, 1, a, &r); return s ? NULL : r; }
FN(count) { return num(env, finalized); }
FN(wrap) { ARGS(2); int* p = malloc(sizeof(int)); napi_get_value_int32(env, a[1], p); napi_status s = napi_wrap(env, a[0], p, fin, NULL, NULL); if (s) free(p); return num(env, s); }
FN(unwrap) { ARGS(1); int* p; napi_status s = napi_unwrap(env, a[0], (void**)&p); return s ? num(env, -(int)s) : num(env, *p); }
FN(unwrapremove) { ARGS(1); int* p; napi_status s = napi_remove_wrap(env, a[0], (void**)&p); if (s) return num(env, -(int)s); int v = *p; free(p); return num(env, v); }
static napi_type_tag tags[2] = { { 0x1234567890abcdefull, 0xfedcba0987654321ull }, { 1, 2 } };
FN(tag) { ARGS(2); uint32_t i; napi_get_value_uint32(env, a[1], &i); return num(env, napi_type_tag_object(env, a[0], &tags[i])); }
FN(check) { ARGS(2); uint32_t i; napi_get_value_uint32(env, a[1], &i); bool r; napi_status s = napi_check_object_type_tag(env, a[0], &tags[i], &r); return s ? num(env, s) : bol(env, r); }
FN(thisvalue) { ARGS(1); return self; }
FN(many) { ARGS(12); napi_value r; napi_create_array(env, &r); napi_set_element(env, r, 0, num(env, argc)); for (int i = 0; i < 12; i++) napi_set_element(env, r, i + 1, a[i]); return r; }
FN(call) { ARGS(3); napi_value g, r; napi_get_global(env, &g); napi_status s = napi_call_function(env, a[1], a[0], 1, &a[2], &r); if (s == napi_pending_exception) { napi_value e; napi_get_and_clear_last_exception(env, &e); napi_value o; napi_create_object(env, &o); napi_set_named_property(env, o, "caught", e); return o; } return s ? num(env, -(int)s) : r; }
FN(construct) { ARGS(2); napi_value r; napi_status s = napi_new_instance(env, a[0], 1, &a[1], &r); return s == napi_pending_exception ? NULL : s ? num(env, -(int)s) : r; }
static napi_value datafn(napi_env env, napi_callback_info info) { void* d; napi_get_cb_info(env, info, NULL, NULL, NULL, &d); return num(env, (double)(intptr_t)d); }
FN(dynamic) { ARGS(1); int32_t n; napi_get_value_int32(env, a[0], &n); napi_value f; napi_create_function(env, "dyn", NAPI_AUTO_LENGTH, datafn, (void*)(intptr_t)n, &f); return f; }
NAPI_MODULE_INIT() {
  napi_property_descriptor p[] = { { "inc", NULL, inc, NULL, NULL, NULL, napi_default_method, NULL }, { "value", NULL, NULL, value, value, NULL, napi_enumerable, NULL },
    { "make", NULL, make, NULL, NULL, NULL, napi_static | napi_enumerable, NULL }, { "KIND", NULL, NULL, NULL, NULL, str(env, "kind"), napi_static, NULL }, { "answer", NULL, NULL, NULL, NULL, num(env, 42), napi_enumerable, NULL } };
  napi_value c; napi_define_class(env, "Box", NAPI_AUTO_LENGTH, ctor, NULL, 5, p, &c); napi_create_reference(env, c, 1, &ctorref); napi_set_named_property(env, exports, "Box", c);
  EXPORT(count); EXPORT(wrap); EXPORT(unwrap); EXPORT(unwrapremove); EXPORT(tag); EXPORT(check); EXPORT(thisvalue); EXPORT(many); EXPORT(call); EXPORT(construct); EXPORT(dynamic); return exports; }
