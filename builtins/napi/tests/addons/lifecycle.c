#define NAPI_VERSION 9
#include "common.h"
#include <unistd.h>
static void say(const char* s) { write(2, s, strlen(s)); write(2, "\n", 1); }
static void hook(void* arg) { say(arg); }
static void ahook(napi_async_cleanup_hook_handle h, void* arg) { say(arg); napi_remove_async_cleanup_hook(h); }
static void fin(napi_env env, void* d, void* h) { napi_value v; char b[64]; napi_value s, r; napi_create_string_utf8(env, "1", 1, &s); snprintf(b, 64, "%s %d", (char*)d, napi_run_script(env, s, &r)); say(b); }
FN(wrap) { ARGS(1); napi_wrap(env, a[0], "wrap", fin, NULL, NULL); return a[0]; }
FN(external) { napi_value r; napi_create_external(env, "external", fin, NULL, &r); return r; }
FN(instance) { int* n; napi_get_instance_data(env, (void**)&n); return str(env, (char*)n); }
FN(unhook) { return num(env, napi_remove_env_cleanup_hook(env, hook, "removed")); }
FN(add) { ARGS(2); double x, y; napi_get_value_double(env, a[0], &x); napi_get_value_double(env, a[1], &y); return num(env, x + y); }
NAPI_MODULE_INIT() { napi_set_instance_data(env, "instance", fin, NULL); napi_add_env_cleanup_hook(env, hook, "hook 1"); napi_add_env_cleanup_hook(env, hook, "removed"); napi_add_env_cleanup_hook(env, hook, "hook 2"); napi_add_async_cleanup_hook(env, ahook, "async hook", NULL);
  napi_async_cleanup_hook_handle gone; napi_add_async_cleanup_hook(env, ahook, "never", &gone); napi_remove_async_cleanup_hook(gone);
  EXPORT(wrap); EXPORT(external); EXPORT(instance); EXPORT(unhook); EXPORT(add); return exports; }
