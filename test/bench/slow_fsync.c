/* slow_fsync.c - LD_PRELOAD: adds SLOW_FSYNC_US (default 2000) to every fsync and fdatasync, as an ordinary disk would. */
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void wait_a_little(void)
{
    const char *text = getenv("SLOW_FSYNC_US");
    usleep(text ? (useconds_t)atoi(text) : 2000);
}

int fsync(int fd)
{
    static int (*real)(int);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "fsync");
    wait_a_little();
    return real(fd);
}

int fdatasync(int fd)
{
    static int (*real)(int);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "fdatasync");
    wait_a_little();
    return real(fd);
}
