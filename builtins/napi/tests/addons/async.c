#include "common.h"
#include <pthread.h>
#include <unistd.h>
typedef struct { napi_async_work work; napi_ref cb; napi_deferred deferred; int in, out, ms; } job;
static void run(napi_env env, void* d) { job* j = d; usleep(j->ms * 1000); j->out = j->in * 2; }
static void done(napi_env env, napi_status status, void* d) { job* j = d; napi_value cb, g, v[2]; napi_get_reference_value(env, j->cb, &cb); napi_get_global(env, &g); v[0] = num(env, status); v[1] = num(env, j->out);
  napi_delete_reference(env, j->cb); napi_delete_async_work(env, j->work); free(j); napi_call_function(env, g, cb, 2, v, NULL); }
static job* last;
FN(work) { ARGS(3); job* j = calloc(1, sizeof *j); napi_get_value_int32(env, a[0], &j->in); if (argc > 2) napi_get_value_int32(env, a[2], &j->ms); napi_create_reference(env, a[1], 1, &j->cb); napi_create_async_work(env, NULL, str(env, "test:work"), run, done, j, &j->work); last = j; return num(env, napi_queue_async_work(env, j->work)); }
FN(cancel) { return num(env, napi_cancel_async_work(env, last->work)); }
FN(promise) { ARGS(2); bool ok, is; napi_get_value_bool(env, a[0], &ok); napi_deferred d; napi_value p; napi_create_promise(env, &d, &p); napi_is_promise(env, p, &is); if (!is) return NULL; if (ok) napi_resolve_deferred(env, d, a[1]); else napi_reject_deferred(env, d, a[1]); return p; }
FN(isPromise) { ARGS(1); bool is; napi_is_promise(env, a[0], &is); return bol(env, is); }
// thread-safe functions
typedef struct { napi_threadsafe_function f; int from, count, blocking, results[8]; pthread_t t; } producer;
static int finalized, freedData, abortedCalls;
static void callJs(napi_env env, napi_value cb, void* context, void* data) { if (!env) { abortedCalls++; free(data); return; } napi_value u, v[2]; napi_get_undefined(env, &u); v[0] = num(env, *(int*)data); v[1] = str(env, context); free(data); freedData++; napi_call_function(env, u, cb, 2, v, NULL); }
static void fin(napi_env env, void* data, void* context) { finalized++; napi_ref r = data; if (r) { napi_value cb, u; napi_get_reference_value(env, r, &cb); napi_get_undefined(env, &u); napi_call_function(env, u, cb, 0, NULL, NULL); napi_delete_reference(env, r); } }
static void* produce(void* p) { producer* x = p; for (int i = 0; i < x->count; i++) { int* n = malloc(sizeof *n); *n = x->from + i; napi_status s = napi_call_threadsafe_function(x->f, n, x->blocking ? napi_tsfn_blocking : napi_tsfn_nonblocking); if (s) { free(n); x->results[s == napi_queue_full ? 0 : s == napi_closing ? 1 : 2]++; if (s == napi_closing) return NULL; } } napi_release_threadsafe_function(x->f, napi_tsfn_release); return NULL; }
static napi_threadsafe_function current; static producer* producers[4];
FN(tsfn) { ARGS(6); uint32_t threads, count, limit; bool blocking; napi_get_value_uint32(env, a[1], &threads); napi_get_value_uint32(env, a[2], &count); napi_get_value_uint32(env, a[3], &limit); napi_get_value_bool(env, a[4], &blocking); napi_ref r; napi_create_reference(env, a[5], 1, &r);
  napi_status s = napi_create_threadsafe_function(env, a[0], NULL, str(env, "test:tsfn"), limit, threads, r, fin, "context", callJs, &current); if (s) return num(env, s);
  for (uint32_t i = 0; i < threads; i++) { producer* x = calloc(1, sizeof *x); x->f = current; x->from = i * 1000; x->count = count; x->blocking = blocking; producers[i] = x; pthread_create(&x->t, NULL, produce, x); } return num(env, 0); }
FN(full) { return num(env, producers[0]->results[0]); }
FN(plain) { ARGS(1); napi_threadsafe_function f; napi_create_threadsafe_function(env, a[0], NULL, str(env, "plain"), 0, 1, NULL, NULL, NULL, NULL, &f); napi_call_threadsafe_function(f, NULL, napi_tsfn_nonblocking); napi_call_threadsafe_function(f, NULL, napi_tsfn_nonblocking); napi_release_threadsafe_function(f, napi_tsfn_release); return NULL; }
FN(abortOne) { ARGS(2); napi_ref r; napi_create_reference(env, a[1], 1, &r); napi_threadsafe_function f; napi_create_threadsafe_function(env, a[0], NULL, str(env, "abort"), 0, 2, r, fin, "x", callJs, &f); for (int i = 0; i < 3; i++) { int* n = malloc(sizeof *n); *n = i; napi_call_threadsafe_function(f, n, napi_tsfn_nonblocking); } napi_status s = napi_release_threadsafe_function(f, napi_tsfn_abort); napi_status t = napi_acquire_threadsafe_function(f); int* n = malloc(sizeof *n); napi_status u = napi_call_threadsafe_function(f, n, napi_tsfn_nonblocking); free(n); char b[32]; snprintf(b, 32, "%d %d %d", s, t, u); return str(env, b); }
FN(counts) { char b[64]; snprintf(b, 64, "%d %d", finalized, abortedCalls); return str(env, b); }
FN(unrefd) { ARGS(1); napi_threadsafe_function f; napi_create_threadsafe_function(env, a[0], NULL, str(env, "unref"), 0, 1, NULL, NULL, NULL, callJs, &f); napi_unref_threadsafe_function(env, f); return num(env, napi_create_threadsafe_function(env, NULL, NULL, str(env, "x"), 0, 1, NULL, NULL, NULL, NULL, &f)); }
// contexts
static napi_async_context ctx;
FN(init) { ARGS(1); return num(env, napi_async_init(env, argc ? a[0] : NULL, str(env, "test:ctx"), &ctx)); }
FN(make) { ARGS(2); napi_value r; napi_status s = napi_make_callback(env, ctx, self, a[0], 1, &a[1], &r); return s == napi_pending_exception ? NULL : s ? num(env, -(int)s) : r; }
FN(scope) { ARGS(1); napi_callback_scope cs; napi_value o, r = NULL; napi_create_object(env, &o); napi_open_callback_scope(env, o, ctx, &cs); napi_call_function(env, self, a[0], 0, NULL, &r); napi_close_callback_scope(env, cs); return r; }
FN(destroy) { return num(env, napi_async_destroy(env, ctx)); }
NAPI_MODULE_INIT() { EXPORT(work); EXPORT(cancel); EXPORT(promise); EXPORT(isPromise); EXPORT(tsfn); EXPORT(full); EXPORT(plain); EXPORT(abortOne); EXPORT(counts); EXPORT(unrefd); EXPORT(init); EXPORT(make); EXPORT(scope); EXPORT(destroy); return exports; }
