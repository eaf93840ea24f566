/* Files are opened often, and libc asks the host more of each than it has to: these two take the place of
 * libc's own. The host knows the rights of the directory, and gives no more than those. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <wasi/api.h>

#define WRITING \
    (__WASI_RIGHTS_FD_DATASYNC | __WASI_RIGHTS_FD_WRITE | __WASI_RIGHTS_FD_ALLOCATE \
     | __WASI_RIGHTS_FD_FILESTAT_SET_SIZE)
#define READING (__WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_READDIR)
#define ALL (~(__wasi_rights_t)0)

/* What openat, opendir and their like come down to. */
int __wasilibc_nocwd_openat_nomode(int directory, const char *path, int flags);

int __wasilibc_nocwd_openat_nomode(int directory, const char *path, int flags) {
    __wasi_rights_t rights = ALL & ~(WRITING | READING);
    switch (flags & O_ACCMODE) {
    case O_RDONLY: rights |= READING; break;
    case O_WRONLY: rights |= WRITING; break;
    case O_RDWR: rights |= READING | WRITING; break;
    case O_EXEC:
    case O_SEARCH: break;
    default: errno = EINVAL; return -1;
    }
    __wasi_lookupflags_t lookup =
        (flags & O_NOFOLLOW) ? 0 : __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW;
    __wasi_fd_t opened;
    /* The flags of WASI's two arguments lie one behind the other in libc's. */
    __wasi_errno_t error =
        __wasi_path_open(directory, lookup, path, (flags >> 12) & 0xfff, rights, ALL, flags & 0xfff, &opened);
    if (error == 0) return (int)opened;
    errno = error;
    return -1;
}

/* Only the three streams can be terminals. */
int isatty(int fd) {
    __wasi_fdstat_t stat;
    __wasi_errno_t error = fd > STDERR_FILENO ? ENOTTY : __wasi_fd_fdstat_get(fd, &stat);
    const __wasi_rights_t positions = __WASI_RIGHTS_FD_SEEK | __WASI_RIGHTS_FD_TELL;
    if (error == 0
        && (stat.fs_filetype != __WASI_FILETYPE_CHARACTER_DEVICE
            || (stat.fs_rights_base & positions) != 0)) {
        error = ENOTTY;
    }
    if (error == 0) return 1;
    errno = error;
    return 0;
}
