/*
 * power-cut SWITCH PROGRAM ARGUMENT...
 *
 * Becomes PROGRAM, whose calls that change files fail once the power is cut. While the file SWITCH is there, they are counted, those of
 * all threads; it says how many succeed. From then on each is EIO, and SWITCH.cut is there to tell. Linux: seccomp_unotify(2).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const int watched[] = {
    SYS_write, SYS_writev, SYS_pwrite64, SYS_pwritev, SYS_copy_file_range, SYS_fsync, SYS_fdatasync, SYS_syncfs, SYS_ftruncate,
    SYS_fallocate, SYS_openat, SYS_mkdirat, SYS_unlinkat, SYS_renameat2, SYS_linkat, SYS_symlinkat, SYS_utimensat, SYS_fchmod,
    SYS_fchmodat, SYS_fchown, SYS_fchownat, SYS_fremovexattr,
#ifdef SYS_renameat
    SYS_renameat,
#endif
#ifdef SYS_open
    SYS_open, SYS_mkdir, SYS_rmdir, SYS_unlink, SYS_rename, SYS_link, SYS_symlink, SYS_chmod, SYS_chown,
#endif
};

enum { COUNT = sizeof watched / sizeof *watched };

static _Noreturn void fail(const char *what)
{
    perror(what);
    _exit(127);
}

static int is_file(const struct seccomp_notif *call)
{
    char path[64];
    struct stat status;
    snprintf(path, sizeof path, "/proc/%u/fd/%d", call->pid, (int)call->data.args[0]);
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static int changes_files(const struct seccomp_notif *call)
{
    switch (call->data.nr) {
    case SYS_write:
    case SYS_writev:
        return is_file(call); /* and no pipe, terminal or socket */
#ifdef SYS_open
    case SYS_open:
        return (call->data.args[1] & (O_CREAT | O_TRUNC)) != 0;
#endif
    case SYS_openat:
        return (call->data.args[2] & (O_CREAT | O_TRUNC)) != 0;
    default:
        return 1;
    }
}

static int is_cut(const char *file)
{
    static long calls;
    long limit;
    FILE *stream = fopen(file, "r");
    if (stream == NULL) {
        calls = 0;
        return 0;
    }

    if (fscanf(stream, "%ld", &limit) != 1)
        fail(file);
    fclose(stream);
    return ++calls > limit;
}

static void watch(int listener, const char *file)
{
    char told[4096];
    snprintf(told, sizeof told, "%s.cut", file);
    for (;;) {
        struct seccomp_notif call = { 0 };
        struct seccomp_notif_resp answer = { 0 };
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0) {
            if (errno == EINTR || errno == ENOENT)
                continue;
            fail("seccomp");
        }

        answer.id = call.id;
        if (changes_files(&call) && is_cut(file)) {
            answer.error = -EIO;
            close(open(told, O_CREAT | O_WRONLY, 0644));
        } else {
            answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
        }

        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
}

int main(int argc, char **argv)
{
    struct sock_filter filter[COUNT + 3];
    struct sock_fprog program = { COUNT + 3, filter };
    volatile int *listener = mmap(NULL, sizeof *listener, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (argc < 3 || listener == MAP_FAILED)
        fail("power-cut SWITCH PROGRAM ARGUMENT...");

    filter[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (int i = 0; i < COUNT; i++)
        filter[1 + i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, watched[i], COUNT - i, 0);
    filter[COUNT + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[COUNT + 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);

    /* The one that watches shares the descriptors of the other until that becomes PROGRAM, and ends with it. */
    *listener = -1;
    switch (syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0)) {
    case -1:
        fail("clone");
    case 0:
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        while (*listener < 0)
            usleep(1000);
        watch(*listener, argv[1]);
    }

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        fail("no_new_privs");
    int descriptor = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
    if (descriptor < 0)
        fail("seccomp");
    *listener = descriptor;
    execv(argv[2], argv + 2);
    fail(argv[2]);
}
