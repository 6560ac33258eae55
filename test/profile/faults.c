/*
 * Loaded into a process by LD_PRELOAD, this stands between it and the calls that change a directory, a file's mode, or what survives a
 * power cut: those that the main thread makes on what lies in one directory. It writes each down, copies the directory before
 * each, as a kill would leave it, and lets calls fail. The variable PKG_FAULTS says what to do; while it is not set, nothing is done.
 * Its lines:
 *   DIRECTORY
 *   FILE to write the calls into
 *   DIRECTORY for the copies, or empty for none
 *   NAME COUNT SCOPE ERRNO   one line for each call that fails, the COUNTth of that name; with SCOPE `name` all later ones of that
 *                            name do too, with `all` all later ones but writes; with `kill` the process is killed before it,
 *                            and with the name `*` all calls are counted
 * A call on `.fork` in the directory forks: the child goes on, while the parent waits until it is killed, and then meets ECHILD, or
 * EPROTO if it ended in another way. A call on `.killed` kills.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_FAULTS = 8, MAX_NAMES = 32, FORK_LIFE_MS = 10000 };

struct fault {
  char name[32], scope[8];
  int count, error, is_met;
};

static char *known;
static char root[PATH_MAX], copies[PATH_MAX];
static int log_fd = -1, fault_count, step_count, call_count;
static struct fault faults[MAX_FAULTS];
static struct { const char *name; int count; } counts[MAX_NAMES];

static char *line(char **rest, char *into) {
  size_t length = strcspn(*rest, "\n");
  memcpy(into, *rest, length);
  into[length] = 0;
  *rest += length + ((*rest)[length] == '\n');
  return into;
}

static void read_orders(const char *orders) {
  char text[PATH_MAX], *rest;
  free(known);
  rest = known = strdup(orders);
  line(&rest, root);
  if (log_fd >= 0) close(log_fd);
  log_fd = open(line(&rest, text), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  line(&rest, copies);
  memset(counts, 0, sizeof counts);
  step_count = call_count = 0;
  for (fault_count = 0; *rest && fault_count < MAX_FAULTS; fault_count++) {
    struct fault *fault = &faults[fault_count];
    fault->is_met = 0;
    sscanf(line(&rest, text), "%31s %d %7s %d", fault->name, &fault->count, fault->scope, &fault->error);
  }
}

static int count_of(const char *name) {
  int at = 0;
  while (counts[at].name && strcmp(counts[at].name, name)) at++;
  counts[at].name = name;
  return ++counts[at].count;
}

static void copy_root(void) {
  char target[PATH_MAX + 16];
  pid_t pid;
  snprintf(target, sizeof target, "%s/%d", copies, step_count);
  char *args[] = {"cp", "-a", root, target, NULL}, *environment[] = {NULL};
  if (posix_spawn(&pid, "/bin/cp", NULL, NULL, args, environment) == 0) waitpid(pid, NULL, 0);
}

/* PKG_FAULTS_STRIDE: of how many steps one is copied; by default, all are. */
static int stride(void) {
  const char *text = getenv("PKG_FAULTS_STRIDE");
  int number = text ? atoi(text) : 1;
  return number > 0 ? number : 1;
}

/* What is forked lacks the threads of its parent, and now and then waits for one of them: then it is killed where it is. */
static void await_end(pid_t pid, int *status) {
  for (int waited = 0; waitpid(pid, status, WNOHANG) == 0; waited++) {
    if (waited == FORK_LIFE_MS) kill(pid, SIGKILL);
    usleep(1000);
  }
}

static int fork_here(void) {
  int status = 0;
  pid_t pid = fork();
  if (pid == 0) return 0;
  if (pid > 0) await_end(pid, &status);
  return pid > 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL ? ECHILD : EPROTO;
}

static int is_named(const struct fault *fault, const char *name) {
  return !strcmp(fault->name, "*") || !strcmp(fault->name, name);
}

/* The number of the error that the call shall fail with; 0 for a call that shall be made. */
static int step(const char *name, const char *described) {
  const char *orders = getenv("PKG_FAULTS");
  if (!orders || gettid() != getpid()) return 0;
  if (!known || strcmp(orders, known)) read_orders(orders);
  if (!strstr(described, root)) return 0;
  if (strstr(described, "/.fork\"")) return fork_here();
  if (strstr(described, "/.killed\"")) kill(getpid(), SIGKILL);
  int count = count_of(name), calls = ++call_count, is_write = !strcmp(name, "pwrite64"), error = 0;
  dprintf(log_fd, "%s(%s)\n", name, described);
  if (!is_write && copies[0] && step_count % stride() == 0) copy_root();
  if (!is_write) step_count++;
  for (struct fault *fault = faults; fault < faults + fault_count; fault++) {
    int is_meant = is_named(fault, name);
    int is_first = is_meant && (fault->name[0] == '*' ? calls : count) == fault->count;
    if (is_first && !strcmp(fault->scope, "kill")) kill(getpid(), SIGKILL);
    int is_later = fault->is_met && (!strcmp(fault->scope, "all") ? !is_write : !strcmp(fault->scope, "name") && is_meant);
    if (is_first) fault->is_met = 1;
    if (is_first || is_later) error = fault->error;
  }
  return error;
}

static const char *file_of(int fd, char *into) {
  char link[32], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  path[length < 0 ? 0 : length] = 0;
  snprintf(into, PATH_MAX + 16, "%d<%s>", fd, path);
  return into;
}

/* Defines a call anew: what its arguments are written as, then the call itself. */
#define CALL(name, parameters, arguments, format, ...)                          \
  int name parameters {                                                         \
    char described[3 * PATH_MAX], file[PATH_MAX + 16];                          \
    static int (*real) parameters;                                              \
    int before = errno;                                                         \
    (void)file;                                                                 \
    if (!real) real = (int(*) parameters)dlsym(RTLD_NEXT, #name);               \
    snprintf(described, sizeof described, format, __VA_ARGS__);                 \
    int error = step(#name, described);                                         \
    errno = error ? error : before;                                             \
    return error ? -1 : real arguments;                                         \
  }

CALL(mkdir, (const char *path, mode_t mode), (path, mode), "\"%s\"", path)
CALL(rmdir, (const char *path), (path), "\"%s\"", path)
CALL(unlink, (const char *path), (path), "\"%s\"", path)
CALL(chmod, (const char *path, mode_t mode), (path, mode), "\"%s\"", path)
CALL(rename, (const char *from, const char *to), (from, to), "\"%s\", \"%s\"", from, to)
CALL(link, (const char *from, const char *to), (from, to), "\"%s\", \"%s\"", from, to)
CALL(symlink, (const char *text, const char *path), (text, path), "\"%s\", \"%s\"", text, path)
CALL(unlinkat, (int at, const char *path, int flags), (at, path, flags), "%s, \"%s\"", file_of(at, file), path)
CALL(mkdirat, (int at, const char *path, mode_t mode), (at, path, mode), "%s, \"%s\"", file_of(at, file), path)
CALL(fsync, (int fd), (fd), "%s", file_of(fd, file))
CALL(fdatasync, (int fd), (fd), "%s", file_of(fd, file))

/* What is forked has all memory of its parent, also what V8 would rather keep to itself. */
int madvise(void *address, size_t length, int advice) {
  static int (*real)(void *, size_t, int);
  if (!real) real = (int(*)(void *, size_t, int))dlsym(RTLD_NEXT, "madvise");
  return advice == MADV_DONTFORK ? 0 : real(address, length, advice);
}

static ssize_t written(int fd, const void *bytes, size_t length, off_t offset) {
  char file[PATH_MAX + 16];
  static ssize_t (*real)(int, const void *, size_t, off_t);
  int before = errno;
  if (!real) real = (ssize_t(*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite64");
  int error = step("pwrite64", file_of(fd, file));
  errno = error ? error : before;
  return error ? -1 : real(fd, bytes, length, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return written(fd, bytes, length, offset); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) { return written(fd, bytes, length, offset); }
