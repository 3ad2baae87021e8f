#include "common.h"
// Declarations of libuv's public interface, as far as this test needs them: its headers are no part of node-api-headers.
typedef struct uv_loop_s uv_loop_t;
typedef struct { void* data; int type; void* reserved[6]; uv_loop_t* loop; void* rest[32]; } uv_work_t;
typedef struct { void* data; uv_loop_t* loop; void* rest[32]; } uv_any_t;
int uv_queue_work(uv_loop_t*, uv_work_t*, void (*)(uv_work_t*), void (*)(uv_work_t*, int)); int uv_async_init(uv_loop_t*, uv_any_t*, void (*)(uv_any_t*)); int uv_async_send(uv_any_t*); void uv_close(uv_any_t*, void (*)(uv_any_t*)); int uv_timer_init(uv_loop_t*, uv_any_t*); int uv_timer_start(uv_any_t*, void (*)(uv_any_t*), unsigned long long, unsigned long long); int uv_is_active(uv_any_t*); int uv_is_closing(uv_any_t*); void uv_unref(uv_any_t*); int uv_has_ref(uv_any_t*); unsigned long long uv_hrtime(void); const char* uv_strerror(int); const char* uv_err_name(int);
int uv_poll_init(uv_loop_t*, uv_any_t*, int); int uv_poll_start(uv_any_t*, int, void (*)(uv_any_t*, int, int)); uv_loop_t* uv_default_loop(void); size_t uv_handle_size(int); int uv_poll_init_socket(uv_loop_t*, uv_any_t*, int); int uv_thread_create(unsigned long*, void (*)(void*), void*); int uv_thread_join(unsigned long*); int uv_mutex_init(void*); void uv_mutex_lock(void*); void uv_mutex_unlock(void*);
#include <unistd.h>
static napi_env theEnv; static napi_ref cb; static char mutex[64]; static int shared;
static void call(const char* what, int n) { napi_handle_scope s; napi_open_handle_scope(theEnv, &s); napi_value f, u, v[2]; napi_get_reference_value(theEnv, cb, &f); napi_get_undefined(theEnv, &u); v[0] = str(theEnv, what); v[1] = num(theEnv, n); napi_make_callback(theEnv, NULL, f, f, 2, v, NULL); napi_close_handle_scope(theEnv, s); }
static void work(uv_work_t* w) { *(int*)w->data = 42; }
static void after(uv_work_t* w, int status) { call("work", *(int*)w->data + status); }
static void closed(uv_any_t* h) { call("closed", 0); }
static void rung(uv_any_t* h) { call("async", shared); uv_close(h, closed); }
static int ticks; static void tick(uv_any_t* h) { call("timer", ++ticks); if (ticks == 3) uv_close(h, closed); }
static int fds[2]; static void ready(uv_any_t* h, int status, int events) { char c; read(fds[0], &c, 1); call("poll", c + status); uv_close(h, closed); }
static uv_any_t async, timer, poller; static uv_work_t w; static int number;
static void thread(void* p) { for (int i = 0; i < 1000; i++) { uv_mutex_lock(mutex); shared++; uv_mutex_unlock(mutex); } uv_async_send(p); }
FN(start) { ARGS(1); theEnv = env; napi_create_reference(env, a[0], 1, &cb); uv_loop_t* loop; napi_status s = napi_get_uv_event_loop(env, &loop); if (s) return num(env, s);
  w.data = &number; uv_queue_work(loop, &w, work, after); uv_mutex_init(mutex); uv_async_init(loop, &async, rung); unsigned long t; uv_thread_create(&t, thread, &async); for (int i = 0; i < 1000; i++) { uv_mutex_lock(mutex); shared++; uv_mutex_unlock(mutex); } uv_thread_join(&t);
  uv_timer_init(loop, &timer); uv_timer_start(&timer, tick, 1, 1); pipe(fds); uv_poll_init(loop, &poller, fds[0]); uv_poll_start(&poller, 1, ready); write(fds[1], "x", 1);
  if (uv_default_loop() != loop || uv_handle_size(1) != 128 || uv_handle_size(8) != 160 || uv_handle_size(99) != (size_t)-1) return str(env, "the default loop or a size is wrong");
  static uv_any_t other; int pair[2]; pipe(pair); if (uv_poll_init_socket(loop, &other, pair[0]) != 0) return str(env, "no socket to poll"); uv_close(&other, closed);
  char b[128]; snprintf(b, 128, "%d %d %d %s %s %d", uv_is_active(&timer), uv_is_closing(&timer), uv_has_ref(&async), uv_err_name(-2), uv_strerror(-2), uv_hrtime() > 0); return str(env, b); }
NAPI_MODULE_INIT() { EXPORT(start); return exports; }
