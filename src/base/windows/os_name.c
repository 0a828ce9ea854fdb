// SPDX-License-Identifier: Apache-2.0
//
// os.h: names.
#include <windows.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "os.h"
#include "os_windows.h"

// ---- Calls with one path, and with two ----------------------------------------------------------

typedef BOOL one_fn(const wchar_t *path);
typedef BOOL two_fn(const wchar_t *from, const wchar_t *to);

static bool with_one(one_fn *call, const char *path)
{
    wchar_t *wide = windows_wide(path);
    bool good = wide != NULL && (call(wide) || windows_failed());
    free(wide);
    return good;
}

static bool with_two(two_fn *call, const char *from, const char *to)
{
    wchar_t *wide_from = windows_wide(from), *wide_to = windows_wide(to);
    bool good =
        wide_from != NULL && wide_to != NULL && (call(wide_from, wide_to) || windows_failed());
    free(wide_from);
    free(wide_to);
    return good;
}

static BOOL make_folder(const wchar_t *path)
{
    return CreateDirectoryW(path, NULL);
}

static BOOL remove_file(const wchar_t *path)
{
    return DeleteFileW(path);
}

static BOOL remove_folder(const wchar_t *path)
{
    return RemoveDirectoryW(path);
}

static BOOL link_file(const wchar_t *from, const wchar_t *to)
{
    return CreateHardLinkW(to, from, NULL);
}

static BOOL rename_new(const wchar_t *from, const wchar_t *to)
{
    return MoveFileExW(from, to, 0);
}

bool os_make_folder(const char *path, bool secret)
{
    (void)secret; // its rights are those that the folder above gives
    return with_one(make_folder, path);
}

void os_share_folder(const char *path)
{
    (void)path;
}

bool os_remove(const char *path)
{
    return with_one(remove_file, path);
}

bool os_remove_folder(const char *path)
{
    return with_one(remove_folder, path);
}

// What FindFirstFileW is asked for: all that is in the folder.
static wchar_t *all_in(const char *folder)
{
    size_t n = strlen(folder);
    char *pattern = malloc(n + sizeof("\\*"));
    if (pattern == NULL) {
        return NULL;
    }
    memcpy(pattern, folder, n);
    memcpy(pattern + n, "\\*", sizeof("\\*"));
    wchar_t *wide = windows_wide(pattern);
    free(pattern);
    return wide;
}

static bool give_name(const wchar_t *wide, bool (*take)(void *ctx, const char *name), void *ctx)
{
    char *name = windows_utf8(wide);
    bool self = name != NULL && (strcmp(name, ".") == 0 || strcmp(name, "..") == 0);
    bool more = name != NULL && (self || take(ctx, name));
    free(name);
    return more;
}

bool os_each_name(const char *folder, bool (*take)(void *ctx, const char *name), void *ctx)
{
    WIN32_FIND_DATAW found;
    wchar_t *wide = all_in(folder);
    HANDLE h = wide == NULL ? INVALID_HANDLE_VALUE : FindFirstFileW(wide, &found);
    free(wide);
    if (h == INVALID_HANDLE_VALUE) {
        return windows_failed();
    }
    while (give_name(found.cFileName, take, ctx) && FindNextFileW(h, &found)) {
    }
    (void)FindClose(h);
    return true;
}

bool os_link(const char *from, const char *to)
{
    return with_two(link_file, from, to);
}

bool os_rename_new(const char *from, const char *to)
{
    return with_two(rename_new, from, to);
}

// ---- Over what is there -------------------------------------------------------------------------

// As winbase.h has it from Windows 10 on.
struct rename_info {
    DWORD flags;
    HANDLE root;
    DWORD size;
    wchar_t name[1];
};
enum { RENAME_INFO_EX = 22, REPLACE = 1, POSIX_SEMANTICS = 2, PATH_ROOM = 4096 };

// In one step, and also where the file is open.
static BOOL rename_by_handle(const wchar_t *from, const wchar_t *to)
{
    size_t room = sizeof(struct rename_info) + PATH_ROOM * sizeof(wchar_t);
    struct rename_info *info = calloc(1, room);
    HANDLE h = CreateFileW(from, DELETE | SYNCHRONIZE,
                           FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                           OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    BOOL good = FALSE;
    if (info != NULL && h != INVALID_HANDLE_VALUE) {
        DWORD n = GetFullPathNameW(to, PATH_ROOM, info->name, NULL);
        info->flags = REPLACE | POSIX_SEMANTICS;
        info->size = n * (DWORD)sizeof(wchar_t);
        good = n > 0 && n < PATH_ROOM &&
               SetFileInformationByHandle(h, (FILE_INFO_BY_HANDLE_CLASS)RENAME_INFO_EX, info,
                                          (DWORD)room);
    }
    if (h != INVALID_HANDLE_VALUE) {
        (void)CloseHandle(h);
    }
    free(info);
    return good;
}

// What is open, as an input that is written over is, steps aside, and is gone when it is closed.
static BOOL rename_aside(const wchar_t *from, const wchar_t *to)
{
    static const wchar_t end[] = L".otapack-old";
    wchar_t *aside = calloc(wcslen(to) + sizeof(end) / sizeof(end[0]), sizeof(*aside));
    BOOL good = FALSE;
    if (aside == NULL) {
        return FALSE;
    }
    (void)wcscat(wcscpy(aside, to), end); // NOLINT: there is room
    if (MoveFileExW(to, aside, MOVEFILE_REPLACE_EXISTING)) {
        good = MoveFileExW(from, to, 0);
        DWORD error = GetLastError();
        (void)(good ? DeleteFileW(aside) : MoveFileExW(aside, to, 0));
        SetLastError(error);
    }
    free(aside);
    return good;
}

static bool is_file(const wchar_t *path)
{
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
}

// Systems before Windows 10, and file systems other than NTFS, do not know the first way.
static BOOL rename_over(const wchar_t *from, const wchar_t *to)
{
    return rename_by_handle(from, to) || MoveFileExW(from, to, MOVEFILE_REPLACE_EXISTING) ||
           (is_file(to) && rename_aside(from, to));
}

// A folder takes no other's place.
bool os_rename(const char *from, const char *to)
{
    struct os_info info;
    bool good = with_two(rename_over, from, to);
    int reason = errno;
    bool in_the_way = !good && os_info(to, &info) && info.kind == OS_FOLDER;
    errno = in_the_way ? EEXIST : reason;
    return good;
}

// ---- What Windows does not have -----------------------------------------------------------------

bool os_exchange(const char *one, const char *other)
{
    (void)one;
    (void)other;
    errno = ENOSYS;
    return false;
}

int os_create_nameless(const char *folder)
{
    (void)folder;
    errno = ENOSYS;
    return -1;
}

bool os_name_nameless(int fd, const char *to)
{
    (void)fd;
    (void)to;
    errno = ENOSYS;
    return false;
}
