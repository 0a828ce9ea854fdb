// SPDX-License-Identifier: Apache-2.0
//
// os.h: what is there, and open files. Whatever is open here can be read, renamed and removed by
// others meanwhile, as it can be on other systems.
#include <windows.h>

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "os.h"
#include "os_windows.h"

enum { SHARED = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE };
enum { PATH_ROOM = 4096 };

static HANDLE open_path(const char *path, DWORD access, DWORD how, DWORD flags)
{
    wchar_t *wide = windows_wide(path);
    HANDLE h = INVALID_HANDLE_VALUE;
    if (wide != NULL) {
        h = CreateFileW(wide, access, SHARED, NULL, how, flags, NULL);
        if (h == INVALID_HANDLE_VALUE) {
            (void)windows_failed();
        }
    }
    free(wide);
    return h;
}

static HANDLE handle_of(int fd)
{
    return (HANDLE)_get_osfhandle(fd);
}

static int fd_of(HANDLE h)
{
    int fd =
        h == INVALID_HANDLE_VALUE ? -1 : _open_osfhandle((intptr_t)h, _O_BINARY | _O_NOINHERIT);
    if (fd < 0 && h != INVALID_HANDLE_VALUE) {
        (void)CloseHandle(h);
    }
    return fd;
}

// ---- What is there ------------------------------------------------------------------------------

static bool is_link(HANDLE h)
{
    FILE_ATTRIBUTE_TAG_INFO tag;
    return GetFileInformationByHandleEx(h, FileAttributeTagInfo, &tag, sizeof(tag)) &&
           (tag.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 &&
           (tag.ReparseTag == IO_REPARSE_TAG_SYMLINK ||
            tag.ReparseTag == IO_REPARSE_TAG_MOUNT_POINT);
}

static bool info_of_disk(HANDLE h, struct os_info *out)
{
    BY_HANDLE_FILE_INFORMATION i;
    LARGE_INTEGER size;
    if (!GetFileInformationByHandle(h, &i)) {
        // Wine does not know which file it is that a Unix shell gave as standard input.
        out->kind = OS_FILE;
        bool good = GetFileSizeEx(h, &size) || windows_failed();
        out->size = good ? (uint64_t)size.QuadPart : 0;
        return good;
    }
    out->kind = is_link(h)                                             ? OS_LINK
                : (i.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? OS_FOLDER
                                                                       : OS_FILE;
    out->size = (uint64_t)i.nFileSizeHigh << 32 | i.nFileSizeLow;
    out->volume = i.dwVolumeSerialNumber;
    out->number = (uint64_t)i.nFileIndexHigh << 32 | i.nFileIndexLow;
    out->modified = windows_time(i.ftLastWriteTime.dwHighDateTime, i.ftLastWriteTime.dwLowDateTime);
    return true;
}

static bool info_of(HANDLE h, struct os_info *out)
{
    DWORD mode;
    *out = (struct os_info){.kind = OS_DEVICE, .number = (uint64_t)(uintptr_t)h};
    if (h == INVALID_HANDLE_VALUE) {
        return false;
    }
    switch (GetFileType(h)) {
    case FILE_TYPE_DISK:
        return info_of_disk(h, out);
    case FILE_TYPE_PIPE:
        out->kind = OS_PIPE;
        return true;
    default:
        out->kind = GetConsoleMode(h, &mode) ? OS_TERMINAL : OS_DEVICE;
        return true;
    }
}

static bool info_of_path(const char *path, DWORD flags, struct os_info *out)
{
    HANDLE h =
        open_path(path, FILE_READ_ATTRIBUTES, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | flags);
    bool good = info_of(h, out);
    int reason = errno;
    if (h != INVALID_HANDLE_VALUE) {
        (void)CloseHandle(h);
    }
    errno = reason;
    return good;
}

bool os_info(const char *path, struct os_info *out)
{
    return info_of_path(path, 0, out);
}

bool os_info_link(const char *path, struct os_info *out)
{
    return info_of_path(path, FILE_FLAG_OPEN_REPARSE_POINT, out);
}

bool os_info_fd(int fd, struct os_info *out)
{
    return info_of(handle_of(fd), out);
}

bool os_may_read(const char *path)
{
    HANDLE h = open_path(path, GENERIC_READ, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS);
    return h != INVALID_HANDLE_VALUE && CloseHandle(h);
}

char *os_real_path(const char *path)
{
    wchar_t wide[PATH_ROOM];
    HANDLE h = open_path(path, FILE_READ_ATTRIBUTES, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS);
    if (h == INVALID_HANDLE_VALUE) {
        return NULL;
    }
    DWORD n = GetFinalPathNameByHandleW(h, wide, PATH_ROOM, FILE_NAME_NORMALIZED);
    (void)CloseHandle(h);
    if (n == 0 || n >= PATH_ROOM) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    return windows_utf8(wcsncmp(wide, L"\\\\?\\", 4) == 0 && wide[5] == L':' ? wide + 4 : wide);
}

// ---- Paths --------------------------------------------------------------------------------------

bool os_is_separator(char c)
{
    return c == '/' || c == '\\';
}

// C: and C:\ and \ and the \\ of \\server\share.
size_t os_root(const char *path)
{
    bool drive = ((path[0] | 0x20) >= 'a' && (path[0] | 0x20) <= 'z') && path[1] == ':';
    size_t n = drive ? 2 : 0;
    while (os_is_separator(path[n])) {
        n++;
    }
    return n;
}

// ---- Open files ---------------------------------------------------------------------------------

int os_open_read(const char *path)
{
    return fd_of(open_path(path, GENERIC_READ, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS));
}

int os_open_again(const char *path)
{
    return os_open_read(path);
}

int os_open_write(const char *path)
{
    return fd_of(open_path(path, GENERIC_WRITE, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL));
}

// It is renamed while it is open, which asks for DELETE.
int os_create(const char *path)
{
    return fd_of(
        open_path(path, GENERIC_READ | GENERIC_WRITE | DELETE, CREATE_NEW, FILE_ATTRIBUTE_NORMAL));
}

int os_temporary(void)
{
    wchar_t folder[MAX_PATH + 1], name[MAX_PATH + 1];
    DWORD n = GetTempPathW(MAX_PATH + 1, folder);
    if (n == 0 || n > MAX_PATH || GetTempFileNameW(folder, L"ota", 0, name) == 0) {
        (void)windows_failed();
        return -1;
    }
    HANDLE h = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, SHARED, NULL, CREATE_ALWAYS,
                           FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, NULL);
    if (h == INVALID_HANDLE_VALUE) {
        (void)windows_failed();
    }
    return fd_of(h);
}

int os_dup(int fd)
{
    return _dup(fd);
}

bool os_close(int fd)
{
    return _close(fd) == 0;
}

static unsigned at_once(size_t n)
{
    return n < INT_MAX ? (unsigned)n : INT_MAX;
}

ssize_t os_read(int fd, void *to, size_t n)
{
    return _read(fd, to, at_once(n));
}

// The place of the next read or write stays where it was, as with pread().
ssize_t os_read_at(int fd, void *to, size_t n, uint64_t at)
{
    HANDLE h = handle_of(fd);
    OVERLAPPED place = {.Offset = (DWORD)at, .OffsetHigh = (DWORD)(at >> 32)};
    const LARGE_INTEGER here = {.QuadPart = 0};
    LARGE_INTEGER was;
    DWORD got = 0;
    if (!SetFilePointerEx(h, here, &was, FILE_CURRENT)) {
        (void)windows_failed();
        return -1;
    }
    bool good = ReadFile(h, to, at_once(n), &got, &place) || GetLastError() == ERROR_HANDLE_EOF ||
                windows_failed();
    (void)SetFilePointerEx(h, was, NULL, FILE_BEGIN);
    return good ? (ssize_t)got : -1;
}

ssize_t os_write(int fd, const void *bytes, size_t n)
{
    return _write(fd, bytes, at_once(n));
}

int64_t os_position(int fd)
{
    return _lseeki64(fd, 0, SEEK_CUR);
}

void os_write_behind(int fd)
{
    (void)fd;
}

bool os_sync(int fd)
{
    return FlushFileBuffers(handle_of(fd)) || windows_failed();
}

// A new file has the rights that its folder gives.
void os_take_access(int fd, const char *old, bool secret)
{
    (void)fd;
    (void)old;
    (void)secret;
}

bool os_copy_access(int from, int to)
{
    (void)from;
    (void)to;
    return true;
}
