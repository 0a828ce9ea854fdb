// SPDX-License-Identifier: Apache-2.0
//
// What littlefs itself makes of an image, as esp_littlefs sets it up: it is compiled with this.
//
//   judge IMAGE list           its root folder: NAME SIZE, a line each, in its order; NAME/
//   judge IMAGE read NAME OUT  a file's bytes
//   judge IMAGE remove NAME    as the host's example does with delete_after_use; mounted again
//   after judge IMAGE fill COUNT     makes an image with that many files of all sizes, a folder,
//   and some
//                              that were changed, moved and removed again
#include <lfs.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 4096, NAME_MAX = 64 };

static uint8_t *image;
static size_t size;

static int read_block(const struct lfs_config *c, lfs_block_t block, lfs_off_t off, void *to,
                      lfs_size_t n)
{
    size_t at = (size_t)block * c->block_size + off;
    if (at + n > size) {
        return LFS_ERR_IO;
    }
    memcpy(to, image + at, n);
    return 0;
}

// Flash: bits go from 1 to 0.
static int program(const struct lfs_config *c, lfs_block_t block, lfs_off_t off, const void *from,
                   lfs_size_t n)
{
    size_t at = (size_t)block * c->block_size + off;
    const uint8_t *p = from;
    if (at + n > size) {
        return LFS_ERR_IO;
    }
    for (size_t i = 0; i < n; i++) {
        image[at + i] &= p[i];
    }
    return 0;
}

static int erase(const struct lfs_config *c, lfs_block_t block)
{
    size_t at = (size_t)block * c->block_size;
    if (at + c->block_size > size) {
        return LFS_ERR_IO;
    }
    memset(image + at, 0xFF, c->block_size);
    return 0;
}

static int sync_all(const struct lfs_config *c)
{
    (void)c;
    return 0;
}

static struct lfs_config config = {.read = read_block,
                                   .prog = program,
                                   .erase = erase,
                                   .sync = sync_all,
                                   .read_size = 128,
                                   .prog_size = 128,
                                   .block_size = BLOCK,
                                   .block_count = 0, // as the image says
                                   .block_cycles = 512,
                                   .cache_size = 512,
                                   .lookahead_size = 128,
                                   .name_max = NAME_MAX};

static lfs_t lfs;

static void need(int answer, const char *what)
{
    if (answer < 0) {
        fprintf(stderr, "judge: %s: error %d\n", what, answer);
        exit(1);
    }
}

static void load(const char *name)
{
    FILE *f = fopen(name, "rb");
    image = malloc(64 << 20);
    need(f == NULL || image == NULL ? -1 : 0, name);
    size = fread(image, 1, 64 << 20, f);
    fclose(f);
}

static void save(const char *name, const void *bytes, size_t n)
{
    FILE *f = fopen(name, "wb");
    need(f == NULL || fwrite(bytes, 1, n, f) != n || fclose(f) != 0 ? -1 : 0, name);
}

static void list(void)
{
    lfs_dir_t dir;
    struct lfs_info info;
    need(lfs_dir_open(&lfs, &dir, "/"), "open /");
    while (lfs_dir_read(&lfs, &dir, &info) > 0) {
        if (info.type == LFS_TYPE_REG) {
            printf("%s %lu\n", info.name, (unsigned long)info.size);
        } else if (strcmp(info.name, ".") != 0 && strcmp(info.name, "..") != 0) {
            printf("%s/\n", info.name);
        }
    }
    need(lfs_dir_close(&lfs, &dir), "close /");
}

static void read_out(const char *name, const char *to)
{
    lfs_file_t file;
    need(lfs_file_open(&lfs, &file, name, LFS_O_RDONLY), name);
    size_t n = (size_t)lfs_file_size(&lfs, &file);
    uint8_t *bytes = malloc(n + 1);
    need(bytes == NULL ? -1 : 0, "memory");
    need(lfs_file_read(&lfs, &file, bytes, (lfs_size_t)n) == (lfs_ssize_t)n ? 0 : -1, name);
    need(lfs_file_close(&lfs, &file), name);
    save(to, bytes, n);
    free(bytes);
}

static void write_file(const char *name, unsigned seed, size_t n)
{
    lfs_file_t file;
    need(lfs_file_open(&lfs, &file, name, LFS_O_WRONLY | LFS_O_CREAT | LFS_O_TRUNC), name);
    for (size_t i = 0; i < n; i++) {
        uint8_t byte = (uint8_t)(seed + i * 31 + i / 257);
        need(lfs_file_write(&lfs, &file, &byte, 1), name);
    }
    need(lfs_file_close(&lfs, &file), name);
}

static void fill(int count)
{
    char name[NAME_MAX], other[NAME_MAX];
    size = (size_t)256 * BLOCK;
    memset(image, 0xFF, size);
    config.block_count = 256;
    need(lfs_format(&lfs, &config), "format");
    need(lfs_mount(&lfs, &config), "mount");
    need(lfs_mkdir(&lfs, "middle"), "mkdir");
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, "%c%03d.bin", 'a' + i * 7 % 26, i);
        write_file(name, (unsigned)i, (size_t)i * i * 3);
        if (i % 3 == 1) {
            write_file(name, (unsigned)i + 100, (size_t)i * 40); // anew
        } else if (i % 5 == 2) {
            snprintf(other, sizeof other, "m%03d.bin", i);
            need(lfs_rename(&lfs, name, other), name);
        } else if (i % 7 == 3) {
            need(lfs_remove(&lfs, name), name);
        }
    }
}

int main(int argc, char **argv)
{
    const char *what = argc > 2 ? argv[2] : "";
    if (argc < 3) {
        return 2;
    }
    if (strcmp(what, "fill") == 0) {
        image = malloc(64 << 20);
        need(image == NULL ? -1 : 0, "memory");
        fill(atoi(argv[3]));
    } else {
        load(argv[1]);
        need(lfs_mount(&lfs, &config), "mount");
    }
    if (strcmp(what, "list") == 0) {
        list();
    } else if (strcmp(what, "read") == 0) {
        read_out(argv[3], argv[4]);
    } else if (strcmp(what, "remove") == 0) {
        need(lfs_remove(&lfs, argv[3]), argv[3]);
        need(lfs_unmount(&lfs), "unmount");
        need(lfs_mount(&lfs, &config), "mount again");
    }
    need(lfs_unmount(&lfs), "unmount");
    save(argv[1], image, size);
    return 0;
}
