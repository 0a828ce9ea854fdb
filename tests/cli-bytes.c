// SPDX-License-Identifier: Apache-2.0
//
// The bytes of the scripts in tests/: numbers out of a file, bytes into it, and what an image needs
// to be right again after a change. tests/cli-lib.sh has a function for each operation:
//
//   cli-bytes OPERATION ARGUMENT...
//
// It knows the byte formats a little, on purpose, and has nothing of otapack's own code: what a
// test expects must not come from the program under test. One call does what a script would need a
// dozen programs for. Exit status: 0; 1 where what is looked for is not there; 2 for anything else.

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <mbedtls/md.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIGEST = 32, MD5 = 16, SECTOR = 4096, BLOCK = 1216 };

// ---- Files and numbers --------------------------------------------------------------------------

struct data {
    uint8_t *p;
    size_t n, room;
};

static _Noreturn void die(const char *what, const char *which)
{
    fprintf(stderr, "cli-bytes: %s: %s\n", which, what);
    exit(2);
}

static _Noreturn void die_system(const char *which)
{
    die(strerror(errno), which);
}

// Nothing is freed before the end: the program does one thing and is gone.
static uint8_t *grow(struct data *d, size_t n)
{
    static struct kept {
        struct kept *next;
        uint8_t p[];
    } * kept;
    if (d->p == NULL || d->room - d->n < n) {
        size_t room = (d->n + n) * 2;
        struct kept *more = malloc(sizeof *more + room);
        if (more == NULL)
            die_system("memory");
        if (d->n > 0)
            memcpy(more->p, d->p, d->n);
        more->next = kept;
        kept = more;
        d->p = more->p;
        d->room = room;
    }
    d->n += n;
    return d->p + d->n - n;
}

static void add(struct data *d, const void *p, size_t n)
{
    uint8_t *at = grow(d, n);
    if (n > 0)
        memcpy(at, p, n);
}

static void add_fill(struct data *d, int value, size_t n)
{
    memset(grow(d, n), value, n);
}

static void add_u32(struct data *d, uint32_t v)
{
    uint8_t b[] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24)};
    add(d, b, sizeof b);
}

static struct data read_all(int from, const char *name)
{
    struct data d = {0};
    static uint8_t some[1 << 16];
    ssize_t n;
    grow(&d, 0);
    while ((n = read(from, some, sizeof some)) > 0)
        add(&d, some, (size_t)n);
    if (n < 0)
        die_system(name);
    return d;
}

static struct data load(const char *name)
{
    int in = open(name, O_RDONLY);
    if (in < 0)
        die_system(name);
    struct stat about;
    struct data d = {0};
    if (fstat(in, &about) == 0 && S_ISREG(about.st_mode)) {
        add_fill(&d, 0, (size_t)about.st_size);
        if (pread(in, d.p, d.n, 0) != (ssize_t)d.n)
            die_system(name);
    } else
        d = read_all(in, name);
    close(in);
    return d;
}

// Of a large file only as much as is looked at.
static struct data load_part(const char *name, off_t at, size_t n)
{
    int in = open(name, O_RDONLY);
    if (in < 0)
        die_system(name);
    struct data d = {0};
    add_fill(&d, 0, n);
    ssize_t got = pread(in, d.p, n, at);
    if (got < 0)
        die_system(name);
    d.n = (size_t)got;
    close(in);
    return d;
}

static void write_all(int to, const void *p, size_t n, const char *name)
{
    const uint8_t *at = p;
    while (n > 0) {
        ssize_t written = write(to, at, n);
        if (written <= 0)
            die_system(name);
        at += written;
        n -= (size_t)written;
    }
}

static void print(const void *p, size_t n)
{
    write_all(STDOUT_FILENO, p, n, "standard output");
}

static void save(const char *name, struct data d)
{
    int out = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (out < 0)
        die_system(name);
    write_all(out, d.p, d.n, name);
    if (close(out) != 0)
        die_system(name);
}

static void overwrite(const char *name, off_t at, const void *p, size_t n)
{
    int out = open(name, O_WRONLY | O_CREAT, 0666);
    if (out < 0 || lseek(out, at, SEEK_SET) < 0)
        die_system(name);
    write_all(out, p, n, name);
    if (close(out) != 0)
        die_system(name);
}

// As the shell writes numbers; a negative one is what its bits are.
static uint64_t number(const char *text)
{
    char *end;
    errno = 0;
    uint64_t v = strtoull(text, &end, 0);
    if (errno != 0 || *text == '\0' || *end != '\0')
        die("is no number", text);
    return v;
}

// A place in a file; -1 is its last byte.
static size_t place(const char *text, struct data d)
{
    int64_t at = (int64_t)number(text);
    if (at < 0)
        at += (int64_t)d.n;
    if (at < 0 || (uint64_t)at >= d.n)
        die("lies outside of the file", text);
    return (size_t)at;
}

static uint32_t get_u32(struct data d, size_t at)
{
    if (at > d.n || d.n - at < 4)
        die("ends too soon", "file");
    return (uint32_t)d.p[at] | (uint32_t)d.p[at + 1] << 8 | (uint32_t)d.p[at + 2] << 16 |
           (uint32_t)d.p[at + 3] << 24;
}

static void set_u32(struct data d, size_t at, uint32_t v)
{
    get_u32(d, at); // it is inside
    for (size_t i = 0; i < 4; i++)
        d.p[at + i] = (uint8_t)(v >> 8 * i);
}

static struct data byte_list(char **numbers)
{
    struct data d = {0};
    grow(&d, 0);
    for (; *numbers != NULL; numbers++) {
        uint8_t b = (uint8_t)number(*numbers);
        add(&d, &b, 1);
    }
    return d;
}

static void digest(mbedtls_md_type_t type, const uint8_t *p, size_t n, uint8_t *out)
{
    if (mbedtls_md(mbedtls_md_info_from_type(type), p, n, out) != 0)
        die("cannot compute it", "digest");
}

// ---- Any file -----------------------------------------------------------------------------------

static int cut(char **a)
{
    struct data d = load_part(a[0], (off_t)number(a[1]), number(a[2]));
    print(d.p, d.n);
    return 0;
}

// Nothing behind the file's end.
static int get(char **a, size_t width)
{
    struct data d = load_part(a[0], (off_t)number(a[1]), width);
    uint32_t v = 0;
    for (size_t i = d.n; i-- > 0;)
        v = v << 8 | d.p[i];
    if (d.n == width)
        printf("%u\n", v);
    return 0;
}

static int get_one(char **a)
{
    return get(a, 1);
}
static int get_two(char **a)
{
    return get(a, 2);
}
static int get_four(char **a)
{
    return get(a, 4);
}

static int size(char **a)
{
    struct stat about;
    if (stat(a[0], &about) != 0)
        die_system(a[0]);
    printf("%lld\n", (long long)about.st_size);
    return 0;
}

static int sha256(char **a)
{
    struct data d = load(a[0]);
    uint8_t hash[DIGEST];
    digest(MBEDTLS_MD_SHA256, d.p, d.n, hash);
    for (size_t i = 0; i < DIGEST; i++)
        printf("%02x", hash[i]);
    putchar('\n');
    return 0;
}

static int fill(char **a)
{
    struct data d = {0};
    add_fill(&d, 0xff, number(a[0]));
    print(d.p, d.n);
    return 0;
}

static int write_stdin(char **a)
{
    struct data d = read_all(STDIN_FILENO, "standard input");
    overwrite(a[0], (off_t)number(a[1]), d.p, d.n);
    return 0;
}

static int poke(char **a)
{
    struct data d = byte_list(a + 2);
    overwrite(a[0], (off_t)number(a[1]), d.p, d.n);
    return 0;
}

static int poke32(char **a)
{
    struct data d = {0};
    for (char **v = a + 2; *v != NULL; v++)
        add_u32(&d, (uint32_t)number(*v));
    overwrite(a[0], (off_t)number(a[1]), d.p, d.n);
    return 0;
}

static int flip(char **a)
{
    struct data d = load(a[0]);
    size_t at = place(a[1], d);
    d.p[at] ^= (uint8_t)(a[2] != NULL ? number(a[2]) : 1);
    overwrite(a[0], (off_t)at, d.p + at, 1);
    return 0;
}

static int xor_of(char **a)
{
    struct data d = load_part(a[0], (off_t)number(a[1]), number(a[2]));
    unsigned x = 0;
    for (size_t i = 0; i < d.n; i++)
        x ^= d.p[i];
    printf("%u\n", x);
    return 0;
}

// ---- Folders ------------------------------------------------------------------------------------

static const char *copied_from, *copied_to;

static const char *copy_of(const char *path)
{
    static char copy[4096];
    int n = snprintf(copy, sizeof copy, "%s%s", copied_to, path + strlen(copied_from));
    if (n < 0 || (size_t)n >= sizeof copy)
        die("is too long a path", path);
    return copy;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)about, (void)kind, (void)at;
    return remove(path);
}

static int copy_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)about, (void)at;
    if (kind == FTW_F) {
        save(copy_of(path), load(path));
        return 0;
    }
    return kind == FTW_D ? mkdir(copy_of(path), 0777) : -1;
}

// Anew, and so that it can be written to.
static int copy_folder(char **a)
{
    struct stat about;
    copied_from = a[0];
    copied_to = a[1];
    if (lstat(a[1], &about) == 0 && nftw(a[1], remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0)
        die_system(a[1]);
    if (nftw(a[0], copy_one, 16, FTW_PHYS) != 0)
        die_system(a[0]);
    return 0;
}

static struct data listed; // lines, each with a NUL behind it

static void list(const char *path, char kind, const struct data bytes)
{
    uint8_t hash[DIGEST];
    digest(MBEDTLS_MD_SHA256, bytes.p, bytes.n, hash);
    add(&listed, path, strlen(path));
    add(&listed, " ", 1);
    add(&listed, &kind, 1);
    for (size_t i = 0; i < DIGEST; i++) {
        char hex[3];
        snprintf(hex, sizeof hex, "%02x", hash[i]);
        add(&listed, hex, 2);
    }
    add(&listed, "", 1);
}

static int list_one(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)at;
    struct data bytes = {0};
    grow(&bytes, 4096);
    bytes.n = 0;
    if (S_ISREG(about->st_mode)) {
        list(path, 'f', load(path));
    } else if (kind == FTW_SL) {
        ssize_t n = readlink(path, (char *)bytes.p, bytes.room);
        bytes.n = n > 0 ? (size_t)n : 0;
        list(path, 'l', bytes);
    } else
        list(path, kind == FTW_D ? 'd' : 'o', bytes);
    return 0;
}

static int by_text(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

// A line for each thing in a folder: its path, its kind and the SHA-256 of what is in it.
static int state(char **a)
{
    grow(&listed, 0);
    if (nftw(a[0], list_one, 16, FTW_PHYS) != 0)
        die_system(a[0]);
    struct data lines = {0};
    for (size_t at = 0; at < listed.n; at += strlen((char *)listed.p + at) + 1) {
        const char *line = (char *)listed.p + at;
        add(&lines, &line, sizeof line);
    }
    size_t count = lines.n / sizeof(char *);
    qsort(lines.p, count, sizeof(char *), by_text);
    for (size_t i = 0; i < count; i++)
        puts(((char **)(void *)lines.p)[i]);
    return 0;
}

// ---- ESP images ---------------------------------------------------------------------------------

struct walk {
    size_t last, data_end, checksum_at, end; // last: the header of the last segment
    bool hashed;
};

static struct walk walk(struct data d, const char *name)
{
    if (d.n < 24)
        die("is no image", name);
    struct walk w = {.last = 24, .data_end = 24, .hashed = d.p[23] == 1};
    for (unsigned left = d.p[1]; left > 0; left--) {
        w.last = w.data_end;
        w.data_end = w.last + 8 + get_u32(d, w.last + 4);
    }
    w.checksum_at = w.data_end / 16 * 16 + 15;
    w.end = w.checksum_at + 1 + (w.hashed ? DIGEST : 0);
    return w;
}

static int esp_walk(char **a)
{
    struct walk w = walk(load(a[0]), a[0]);
    printf("%zu %zu %zu %zu %d\n", w.last, w.data_end, w.checksum_at, w.end, w.hashed);
    return 0;
}

static void esp_save(const char *name, struct data d)
{
    struct walk w = walk(d, name);
    if (w.hashed) {
        if (d.n < w.end)
            die("is too short for its hash", name);
        digest(MBEDTLS_MD_SHA256, d.p, w.checksum_at + 1, d.p + w.checksum_at + 1);
    }
    save(name, d);
}

static int esp_rehash(char **a)
{
    esp_save(a[0], load(a[0]));
    return 0;
}

static void replace(struct data d, size_t at, struct data with, const char *name)
{
    if (at > d.n || with.n > d.n - at)
        die("is too short for this change", name);
    memcpy(d.p + at, with.p, with.n);
}

static int esp_header(char **a)
{
    struct data d = load(a[0]);
    replace(d, number(a[1]), byte_list(a + 2), a[0]);
    esp_save(a[0], d);
    return 0;
}

// Bytes of a segment: the checksum, too, stays right.
static void esp_change(const char *name, size_t at, struct data with)
{
    struct data d = load(name);
    struct data old = {0};
    if (at > d.n || with.n > d.n - at)
        die("is too short for this change", name);
    add(&old, d.p + at, with.n);
    replace(d, at, with, name);
    size_t checksum_at = walk(d, name).checksum_at;
    if (checksum_at >= d.n)
        die("is too short for its checksum", name);
    for (size_t i = 0; i < with.n; i++)
        d.p[checksum_at] ^= old.p[i] ^ with.p[i];
    esp_save(name, d);
}

static int esp_data(char **a)
{
    esp_change(a[0], number(a[1]), byte_list(a + 2));
    return 0;
}

static int esp_put(char **a)
{
    esp_change(a[0], number(a[1]), read_all(STDIN_FILENO, "standard input"));
    return 0;
}

static int esp_text(char **a)
{
    size_t length = a[3] != NULL ? number(a[3]) : 32;
    struct data text = {0};
    add(&text, a[2], strlen(a[2]) < length ? strlen(a[2]) : length);
    add_fill(&text, 0, length - text.n);
    esp_change(a[0], number(a[1]), text);
    return 0;
}

static int esp_grow(char **a)
{
    struct data d = load(a[0]), grown = {0};
    size_t more = number(a[1]);
    struct walk w = walk(d, a[0]);
    if (w.data_end > d.n)
        die("is too short for its segments", a[0]);
    add(&grown, d.p, w.data_end);
    add_fill(&grown, 0, more);
    add(&grown, d.p + w.data_end, d.n - w.data_end);
    set_u32(grown, w.last + 4, get_u32(d, w.last + 4) + (uint32_t)more);
    esp_save(a[0], grown);
    return 0;
}

// ---- Signed images ------------------------------------------------------------------------------

static size_t to_sector(size_t n)
{
    return (n + SECTOR - 1) / SECTOR * SECTOR;
}

static int unsign(char **a)
{
    struct data d = load(a[0]);
    struct walk w = walk(d, a[0]);
    if (w.end > d.n)
        die("is too short for an image", a[0]);
    d.n = w.end;
    save(a[1], d);
    return 0;
}

static int pad(char **a)
{
    struct data d = load(a[0]);
    add_fill(&d, 0xff, to_sector(d.n) - d.n);
    print(d.p, d.n);
    return 0;
}

static int sector_at(char **a)
{
    printf("%zu\n", to_sector(walk(load(a[0]), a[0]).end));
    return 0;
}

static int block(char **a)
{
    size_t at = to_sector(walk(load(a[0]), a[0]).end) + number(a[1]) * BLOCK;
    struct data d = load_part(a[0], (off_t)at, BLOCK);
    print(d.p, d.n);
    return 0;
}

// ---- Partition tables ---------------------------------------------------------------------------

enum { ENTRY = 32, TABLE = 3072, LABEL = 16 };

static void add_entry(struct data *d, char **a)
{
    uint8_t head[] = {0xaa, 0x50, (uint8_t)number(a[0]), (uint8_t)number(a[1])};
    char label[LABEL] = "";
    size_t length = strlen(a[4]);
    memcpy(label, a[4], length < LABEL ? length : LABEL);
    add(d, head, sizeof head);
    add_u32(d, (uint32_t)number(a[2]));
    add_u32(d, (uint32_t)number(a[3]));
    add(d, label, LABEL);
    add_u32(d, 0);
}

static int pt_entry(char **a)
{
    struct data d = {0};
    add_entry(&d, a);
    print(d.p, d.n);
    return 0;
}

// Behind the entries: their MD5, and erased flash.
static void pt_save(const char *name, struct data d)
{
    uint8_t hash[MD5];
    const uint8_t mark[] = {0xeb, 0xeb};
    digest(MBEDTLS_MD_MD5, d.p, d.n, hash);
    add(&d, mark, sizeof mark);
    add_fill(&d, 0xff, 14);
    add(&d, hash, MD5);
    add_fill(&d, 0xff, TABLE);
    d.n = TABLE;
    save(name, d);
}

static int pt_finish(char **a)
{
    pt_save(a[0], read_all(STDIN_FILENO, "standard input"));
    return 0;
}

static int pt_table(char **a)
{
    struct data d = {0};
    grow(&d, 0);
    for (char **entry = a + 1; *entry != NULL; entry += 5) {
        for (size_t i = 1; i < 5; i++) {
            if (entry[i] == NULL)
                die("is no whole entry", *entry);
        }
        add_entry(&d, entry);
    }
    pt_save(a[0], d);
    return 0;
}

static int pt_remake(char **a)
{
    struct data d = load(a[0]);
    size_t end = 0;
    while (end + ENTRY <= d.n && d.p[end] == 0xaa && d.p[end + 1] == 0x50)
        end += ENTRY;
    d.n = end;
    pt_save(a[0], d);
    return 0;
}

static int pt_app(char **a)
{
    struct data d = load(a[0]);
    for (size_t at = 0; at + ENTRY <= d.n; at += ENTRY) {
        if (d.p[at + 2] == 0) {
            printf("%zu\n", at);
            return 0;
        }
    }
    return 1;
}

// ---- Combined images and RCP build folders ------------------------------------------------------

enum { VERSION, FLASH_ARGS, BOOTLOADER, PARTITION_TABLE, FIRMWARE, HOST, PARTS, ITSELF = 255 };

static const char *const part_files[PARTS] = {
    [VERSION] = "rcp_version",
    [BOOTLOADER] = "bootloader/bootloader.bin",
    [PARTITION_TABLE] = "partition_table/partition-table.bin",
    [FIRMWARE] = "esp_ot_rcp.bin",
};

// Where the entry with this tag lies in the table; 0 where there is none.
static size_t entry_of(struct data d, uint64_t tag)
{
    size_t end = get_u32(d, 4);
    for (size_t at = 12; at < end; at += 12) {
        if (get_u32(d, at) == tag)
            return at;
    }
    return 0;
}

static bool part_of(struct data d, uint64_t tag, struct data *part)
{
    size_t at = entry_of(d, tag);
    if (at == 0)
        return false;
    size_t n = get_u32(d, at + 4), from = get_u32(d, at + 8);
    if (from > d.n || n > d.n - from)
        die("has a part outside of it", "combined image");
    *part = (struct data){d.p + from, n, n};
    return true;
}

static int rcp_part(char **a)
{
    struct data part;
    if (!part_of(load(a[0]), number(a[1]), &part))
        return 1;
    print(part.p, part.n);
    return 0;
}

static int rcp_entry(char **a)
{
    size_t at = entry_of(load(a[0]), number(a[1]));
    if (at == 0)
        return 1;
    printf("%zu\n", at);
    return 0;
}

static const char *inside(const char *folder, const char *name)
{
    static char path[4096];
    int n = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (n < 0 || (size_t)n >= sizeof path)
        die("is too long a path", folder);
    return path;
}

static void make_folder(const char *path)
{
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        die_system(path);
}

static void save_flash_args(const char *folder, struct data records)
{
    const char *name = inside(folder, "flash_args");
    FILE *out = fopen(name, "w");
    if (out == NULL)
        die_system(name);
    fputs("--flash_mode dio --flash_freq 48m --flash_size 4MB\n", out);
    for (size_t at = 0; at < records.n; at += 8) {
        uint32_t tag = get_u32(records, at);
        if (tag < BOOTLOADER || tag > FIRMWARE)
            die("has a flash argument for an unknown part", "combined image");
        fprintf(out, "0x%x %s\n", get_u32(records, at + 4), part_files[tag]);
    }
    if (fclose(out) != 0)
        die_system(name);
}

static int rcp_folder(char **a)
{
    struct data image = load(a[0]), part;
    make_folder(a[1]);
    make_folder(inside(a[1], "bootloader"));
    make_folder(inside(a[1], "partition_table"));
    for (size_t tag = VERSION; tag <= FIRMWARE; tag++) {
        if (!part_of(image, tag, &part))
            die("lacks a part", a[0]);
        if (tag == FLASH_ARGS) {
            save_flash_args(a[1], part);
        } else {
            save(inside(a[1], part_files[tag]), part);
        }
    }
    return 0;
}

// create_ota_image.py takes whatever it does not know for the firmware.
static uint32_t part_of_path(const char *path)
{
    if (strstr(path, "bootloader") != NULL)
        return BOOTLOADER;
    return strstr(path, "partition_table") != NULL ? PARTITION_TABLE : FIRMWARE;
}

static struct data flash_records(const char *name)
{
    struct data records = {0};
    FILE *in = fopen(name, "r");
    if (in == NULL)
        die_system(name);
    char line[4096], path[4096], address[64];
    grow(&records, 0);
    for (bool first = true; fgets(line, sizeof line, in) != NULL; first = false) {
        if (first || sscanf(line, "%63s %4095s", address, path) != 2)
            continue;
        add_u32(&records, part_of_path(path));
        add_u32(&records, (uint32_t)number(address));
    }
    fclose(in);
    return records;
}

struct part {
    uint32_t tag;
    struct data bytes;
    size_t size; // what the table says of it
};

// The table, which says where each part is, and the parts behind it.
static void save_combined(const char *name, const struct part *parts, size_t count)
{
    struct data image = {0};
    size_t at = 12 * (count + 1);
    add_u32(&image, ITSELF);
    add_u32(&image, (uint32_t)at);
    add_u32(&image, 0);
    for (size_t i = 0; i < count; i++) {
        add_u32(&image, parts[i].tag);
        add_u32(&image, (uint32_t)parts[i].size);
        add_u32(&image, (uint32_t)at);
        at += parts[i].size;
    }
    for (size_t i = 0; i < count; i++)
        add(&image, parts[i].bytes.p, parts[i].bytes.n);
    save(name, image);
}

static struct part part_with(uint64_t tag, struct data bytes)
{
    return (struct part){(uint32_t)tag, bytes, bytes.n};
}

// What create_ota_image.py writes, said once more.
static int reference_build(char **a)
{
    struct part parts[PARTS];
    for (uint32_t tag = VERSION; tag <= FIRMWARE; tag++) {
        if (tag != FLASH_ARGS)
            parts[tag] = part_with(tag, load(inside(a[0], part_files[tag])));
    }
    parts[FLASH_ARGS] = part_with(FLASH_ARGS, flash_records(inside(a[0], "flash_args")));
    parts[FLASH_ARGS].size = 24; // it takes for granted that there are three
    bool with_host = a[2] != NULL && *a[2] != '\0';
    if (with_host)
        parts[HOST] = part_with(HOST, load(a[2]));
    save_combined(a[1], parts, with_host ? PARTS : PARTS - 1);
    return 0;
}

static int rcp_combine(char **a)
{
    struct part parts[PARTS];
    size_t count = 0;
    for (char **given = a + 1; given[0] != NULL; given += 2) {
        if (given[1] == NULL || count == PARTS)
            die("is no tag with a file", given[0]);
        parts[count++] = part_with(number(given[0]), load(given[1]));
    }
    save_combined(a[0], parts, count);
    return 0;
}

// ---- The operations -----------------------------------------------------------------------------

struct operation {
    const char *name;
    int least, most; // arguments; -1: any number
    int (*run)(char **arguments);
};

static const struct operation operations[] = {
    {"cut", 3, 3, cut},
    {"u8", 2, 2, get_one},
    {"u16", 2, 2, get_two},
    {"u32", 2, 2, get_four},
    {"size", 1, 1, size},
    {"sha256", 1, 1, sha256},
    {"fill", 1, 1, fill},
    {"overwrite", 2, 2, write_stdin},
    {"poke", 2, -1, poke},
    {"poke32", 2, -1, poke32},
    {"flip", 2, 3, flip},
    {"xor-of", 3, 3, xor_of},
    {"copy-folder", 2, 2, copy_folder},
    {"state", 1, 1, state},
    {"esp-walk", 1, 1, esp_walk},
    {"esp-rehash", 1, 1, esp_rehash},
    {"esp-header", 2, -1, esp_header},
    {"esp-data", 2, -1, esp_data},
    {"esp-put", 2, 2, esp_put},
    {"esp-text", 3, 4, esp_text},
    {"esp-grow", 2, 2, esp_grow},
    {"unsign", 2, 2, unsign},
    {"pad", 1, 1, pad},
    {"sector-at", 1, 1, sector_at},
    {"block", 2, 2, block},
    {"pt-entry", 5, 5, pt_entry},
    {"pt-finish", 1, 1, pt_finish},
    {"pt-table", 1, -1, pt_table},
    {"pt-remake", 1, 1, pt_remake},
    {"pt-app", 1, 1, pt_app},
    {"rcp-part", 2, 2, rcp_part},
    {"rcp-entry", 2, 2, rcp_entry},
    {"rcp-folder", 2, 2, rcp_folder},
    {"rcp-combine", 1, -1, rcp_combine},
    {"reference-build", 2, 3, reference_build},
};

int main(int argc, char **argv)
{
    if (argc < 2)
        die("OPERATION ARGUMENT...", "usage");
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        const struct operation *o = &operations[i];
        if (strcmp(argv[1], o->name) != 0)
            continue;
        if (argc - 2 < o->least || (o->most >= 0 && argc - 2 > o->most))
            die("has another number of arguments", o->name);
        int status = o->run(argv + 2);
        if (fflush(stdout) != 0)
            die_system("standard output");
        return status;
    }
    die("is no operation", argv[1]);
}
