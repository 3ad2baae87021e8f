#ifndef NAPI_VERSION
#define NAPI_VERSION 10
#endif
#include <node_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define FN(name) static napi_value name(napi_env env, napi_callback_info info)
#define ARGS(n) size_t argc = n; napi_value a[n], self; void* data; napi_get_cb_info(env, info, &argc, a, &self, &data)
#define EXPORT(name) do { napi_value f; napi_create_function(env, #name, NAPI_AUTO_LENGTH, name, NULL, &f); napi_set_named_property(env, exports, #name, f); } while (0)
static napi_value num(napi_env env, double v) { napi_value r; napi_create_double(env, v, &r); return r; }
static napi_value bol(napi_env env, int v) { napi_value r; napi_get_boolean(env, v, &r); return r; }
static napi_value str(napi_env env, const char* s) { napi_value r; napi_create_string_utf8(env, s, NAPI_AUTO_LENGTH, &r); return r; }
