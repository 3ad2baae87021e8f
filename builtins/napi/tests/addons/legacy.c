#define NAPI_VERSION 8
#include "common.h"
FN(hello) { return str(env, "hello"); }
static napi_value init(napi_env env, napi_value exports) { napi_value f; napi_create_function(env, "hello", 5, hello, NULL, &f); return f; }
static napi_module module = { 1, 0, __FILE__, init, "legacy", NULL, { 0 } };
__attribute__((constructor)) static void registerIt(void) { napi_module_register(&module); }
