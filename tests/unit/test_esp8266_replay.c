// SPDX-License-Identifier: Apache-2.0
//
// eboot.h against a slow eboot: a flash of bytes, a piece of 4096 in RAM, an inflater that takes a
// byte only when it needs the next bit and stops where a sector is full, as uzlib does. With
// OTAPACK_LONG=1 several times as many updates are tried.
#include "unit.h"

#include "deflate.h"
#include "eboot.h"

enum { SECTOR = 4096, MOST = 64 * SECTOR, FLASH = 256 * SECTOR, HEADER = 10, END = 8 };

static uint32_t seed = 1;

static uint32_t number(uint32_t below)
{
    seed = seed * 1664525U + 1013904223U;
    return (uint32_t)(((uint64_t)(seed >> 8) * below) >> 24);
}

// ---- What is sent -------------------------------------------------------------------------------

struct packed {
    uint8_t bytes[4 * MOST]; // a gzip file
    size_t n, compressed_at;
    uint8_t content[MOST];
    size_t size;
    uint32_t some; // bits that are not yet there
    unsigned bits;
};

static void put(struct packed *p, const void *bytes, size_t n)
{
    assert_true(n <= sizeof(p->bytes) - p->n);
    if (n > 0) {
        memcpy(p->bytes + p->n, bytes, n);
    }
    p->n += n;
}

static void put_bits(struct packed *p, uint32_t value, unsigned n)
{
    p->some |= value << p->bits;
    for (p->bits += n; p->bits >= 8; p->bits -= 8, p->some >>= 8) {
        uint8_t byte = (uint8_t)p->some;
        put(p, &byte, 1);
    }
}

static void put_code(struct packed *p, uint32_t code, unsigned n)
{
    while (n-- > 0) {
        put_bits(p, code >> n & 1, 1);
    }
}

static void begin(struct packed *p, size_t header)
{
    static const uint8_t head[HEADER] = {0x1F, 0x8B, 8};
    *p = (struct packed){.n = 0};
    put(p, head, sizeof(head));
    while (p->n < header) {
        put(p, "x", 1); // as much as if there were a name
    }
    p->compressed_at = p->n;
}

// A block that is stored as it is: these bytes, or none.
static void stored(struct packed *p, const uint8_t *bytes, size_t n, bool last)
{
    uint8_t length[4] = {(uint8_t)n, (uint8_t)(n >> 8), (uint8_t)~n, (uint8_t)(~n >> 8)};
    put_bits(p, last, 3);
    put_bits(p, 0, (8 - p->bits) % 8);
    put(p, length, sizeof(length));
    put(p, bytes, n);
    if (n > 0) {
        memcpy(p->content + p->size, bytes, n);
    }
    p->size += n;
}

// A block of zeros with the fixed codes: the first by itself, runs of 258, the rest by themselves.
static void zeros(struct packed *p, size_t n)
{
    put_bits(p, 2, 3);
    p->size += n; // content is zero
    for (put_code(p, 0x30, 8), n--; n >= 258; n -= 258) {
        put_code(p, 0xC5, 8);
        put_code(p, 0, 5);
    }
    for (; n > 0; n--) {
        put_code(p, 0x30, 8);
    }
    put_code(p, 0, 7);
}

static void finish(struct packed *p)
{
    static const uint8_t end[END];
    stored(p, NULL, 0, true);
    put(p, end, sizeof(end));
}

static void noise(uint8_t *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = (uint8_t)number(256);
    }
}

// By hand: blocks of all kinds, well and badly packed, and empty ones between them.
static void make_blocks(struct packed *p)
{
    uint8_t bytes[2 * SECTOR];
    begin(p, HEADER + number(2) * number(5000));
    size_t wanted = 1 + number(40 * SECTOR);
    while (p->size < wanted) {
        size_t to_sector = SECTOR - p->size % SECTOR; // many blocks end where a sector does
        size_t n = number(3) == 0 ? to_sector : 1 + number(sizeof(bytes));
        size_t piece = number(2) == 0 ? 1 + number(8) : 1 + number(sizeof(bytes));
        if (number(2) == 0) {
            zeros(p, to_sector + number(6) * SECTOR);
        } else {
            noise(bytes, n);
            for (size_t at = 0; at < n; at += piece) {
                stored(p, bytes + at, n - at < piece ? n - at : piece, false);
            }
        }
        for (uint32_t empty = number(4) == 0 ? number(1500) : 0; empty > 0; empty--) {
            stored(p, NULL, 0, false);
        }
    }
    finish(p);
}

// By zlib: its codes and tables.
static void make_zlib(struct packed *p)
{
    size_t n;
    begin(p, HEADER);
    for (size_t wanted = 1 + number(50 * SECTOR); p->size < wanted;) {
        size_t some = 1 + number(6 * SECTOR);
        uint32_t kind = number(3); // zeros, noise, or what packs to about half
        noise(p->content + p->size, some);
        for (size_t i = 0; i < some; i++) {
            p->content[p->size + i] &= kind == 0 ? 0 : kind == 1 ? 0xFF : 0x0F;
        }
        p->size += some;
    }
    uint8_t *bytes = deflate_pack(p->content, p->size, number(2) == 0, &n);
    assert_non_null(bytes);
    p->compressed_at = HEADER;
    while ((bytes[3] & 8) != 0 && bytes[p->compressed_at++] != 0) {
    }
    p->n = 0;
    put(p, bytes, n);
    free(bytes);
}

// ---- A slow eboot -------------------------------------------------------------------------------

struct machine {
    const struct packed *sent;
    uint8_t flash[FLASH], ram[SECTOR], sector[SECTOR];
    uint64_t start, fs_start;
    uint64_t taken; // bytes of what was sent
    unsigned hold, bits;
    uint64_t unpacked; // bytes
    uint64_t writes;
    bool bad, unread; // the first write that did harm, and which
    uint64_t bad_at;
    bool wrong_byte; // what was read is not what was sent
    uint8_t window[32768];
};

static uint8_t next_byte(struct machine *m)
{
    if (m->taken % SECTOR == 0) {
        memcpy(m->ram, m->flash + m->start + m->taken, SECTOR);
    }
    assert_true(m->taken < m->sent->n);
    uint8_t good = m->sent->bytes[m->taken];
    m->wrong_byte |= m->ram[m->taken % SECTOR] != good;
    m->taken++;
    return good; // so that it goes on as if nothing had happened
}

static unsigned next_bits(struct machine *m, unsigned n)
{
    unsigned value = 0;
    for (unsigned i = 0; i < n; i++, m->bits--, m->hold >>= 1) {
        if (m->bits == 0) {
            m->hold = next_byte(m);
            m->bits = 8;
        }
        value |= (m->hold & 1) << i;
    }
    return value;
}

static void write_sector(struct machine *m)
{
    uint64_t to = m->writes * SECTOR, end = to + SECTOR;
    uint64_t read = (m->taken + SECTOR - 1) / SECTOR * SECTOR;
    bool unread = false;
    // Behind the last write nothing is read.
    for (uint64_t at = read; m->unpacked < m->sent->size && at < m->sent->n; at++) {
        unread |= m->start + at >= to && m->start + at < end;
    }
    if (!m->bad && (unread || end > m->fs_start)) {
        m->bad = true;
        m->unread = unread;
        m->bad_at = to;
    }
    memcpy(m->flash + to, m->sector, SECTOR);
    m->writes++;
}

static void give(struct machine *m, uint8_t byte)
{
    m->window[m->unpacked % sizeof(m->window)] = byte;
    m->sector[m->unpacked++ % SECTOR] = byte;
    if (m->unpacked == m->sent->size) {
        memset(m->sector + m->unpacked % SECTOR, 0xFF, (SECTOR - m->unpacked % SECTOR) % SECTOR);
    }
    if (m->unpacked % SECTOR == 0 || m->unpacked == m->sent->size) {
        write_sector(m);
    }
}

struct codes {
    uint16_t count[16], symbol[288];
};

static void make_codes(struct codes *c, const uint8_t *lengths, unsigned n)
{
    uint16_t next[16] = {0};
    memset(c, 0, sizeof(*c));
    for (unsigned i = 0; i < n; i++) {
        c->count[lengths[i]]++;
    }
    c->count[0] = 0;
    for (unsigned i = 1; i < 15; i++) {
        next[i + 1] = (uint16_t)(next[i] + c->count[i]);
    }
    for (unsigned i = 0; i < n; i++) {
        if (lengths[i] != 0) {
            c->symbol[next[lengths[i]]++] = (uint16_t)i;
        }
    }
}

static unsigned next_symbol(struct machine *m, const struct codes *c)
{
    unsigned code = 0, first = 0, index = 0;
    for (unsigned length = 1; length < 16; length++) {
        code |= next_bits(m, 1);
        if (code < first + c->count[length]) {
            return c->symbol[index + code - first];
        }
        index += c->count[length];
        first = (first + c->count[length]) << 1;
        code <<= 1;
    }
    fail_msg("no such code");
    return 0;
}

static void run_codes(struct machine *m, const struct codes *lengths, const struct codes *distances)
{
    for (;;) {
        unsigned symbol = next_symbol(m, lengths);
        if (symbol == 256) {
            return;
        }
        if (symbol < 256) {
            give(m, (uint8_t)symbol);
        } else {
            unsigned k = symbol - 257, more = k < 8 || k == 28 ? 0 : k / 4 - 1;
            unsigned n = k == 28 ? 258 : k < 8 ? k + 3 : ((4 + k % 4) << more) + 3;
            n += next_bits(m, more);
            unsigned d = next_symbol(m, distances), far = d < 4 ? 0 : d / 2 - 1;
            unsigned distance = d < 4 ? d + 1 : ((2 + d % 2) << far) + 1;
            distance += next_bits(m, far);
            for (; n > 0 && m->unpacked < m->sent->size; n--) {
                give(m, m->window[(m->unpacked - distance) % sizeof(m->window)]);
            }
        }
        if (m->unpacked == m->sent->size) {
            return;
        }
    }
}

static void run_tables(struct machine *m)
{
    static const uint8_t order[] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                    11, 4,  12, 3, 13, 2, 14, 1, 15};
    uint8_t lengths[320] = {0}, first[19] = {0};
    struct codes codes, distances;
    unsigned literals = next_bits(m, 5) + 257, far = next_bits(m, 5) + 1, n = next_bits(m, 4) + 4;
    for (unsigned i = 0; i < n; i++) {
        first[order[i]] = (uint8_t)next_bits(m, 3);
    }
    make_codes(&codes, first, 19);
    for (unsigned i = 0; i < literals + far;) {
        unsigned symbol = next_symbol(m, &codes), times = 1;
        uint8_t length = (uint8_t)symbol;
        if (symbol >= 16) {
            length = symbol == 16 ? lengths[i - 1] : 0;
            times = symbol == 16   ? 3 + next_bits(m, 2)
                    : symbol == 17 ? 3 + next_bits(m, 3)
                                   : 11 + next_bits(m, 7);
        }
        for (; times > 0; times--) {
            lengths[i++] = length;
        }
    }
    make_codes(&codes, lengths, literals);
    make_codes(&distances, lengths + literals, far);
    run_codes(m, &codes, &distances);
}

static void run_fixed(struct machine *m)
{
    uint8_t lengths[288], far[30];
    struct codes codes, distances;
    for (unsigned i = 0; i < 288; i++) {
        lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    }
    memset(far, 5, sizeof(far));
    make_codes(&codes, lengths, 288);
    make_codes(&distances, far, 30);
    run_codes(m, &codes, &distances);
}

static void run_stored(struct machine *m)
{
    m->bits = 0;
    unsigned n = next_byte(m);
    n |= (unsigned)next_byte(m) << 8;
    (void)next_byte(m);
    (void)next_byte(m);
    while (n-- > 0) {
        give(m, next_byte(m));
    }
}

// The update with `sent` bytes in whole sectors, in front of a file system at fs_start.
static void run(struct machine *m, const struct packed *p, uint64_t sent, uint64_t fs_start)
{
    memset(m, 0, sizeof(*m));
    memset(m->flash, 0x5A, sizeof(m->flash));
    m->sent = p;
    m->fs_start = fs_start;
    m->start = fs_start - sent;
    memcpy(m->flash + m->start, p->bytes, p->n);
    while (m->taken < p->compressed_at) {
        (void)next_byte(m);
    }
    while (m->unpacked < p->size) {
        (void)next_bits(m, 1);
        switch (next_bits(m, 2)) {
        case 0:
            run_stored(m);
            break;
        case 1:
            run_fixed(m);
            break;
        case 2:
            run_tables(m);
            break;
        default:
            fail_msg("no such block");
        }
    }
}

// ---- Both ---------------------------------------------------------------------------------------

static uint64_t up(uint64_t n)
{
    return (n + SECTOR - 1) / SECTOR * SECTOR;
}

static struct eboot_copy ask(const struct packed *p, uint64_t sent, uint64_t fs_start)
{
    struct eboot_copy copy = {.fs_start = fs_start,
                              .sent = sent,
                              .packed = p->n,
                              .compressed_at = p->compressed_at,
                              .size = p->size};
    struct otapack_source deflated =
        otapack_memory(p->bytes + p->compressed_at, p->n - p->compressed_at);
    eboot_copy(&copy, &deflated);
    return copy;
}

// With fs_start as given. Returns whether all goes well.
static bool compare(const struct packed *p, uint64_t sent, uint64_t fs_start, uint64_t *needed)
{
    static struct machine m;
    struct eboot_copy copy = ask(p, sent, fs_start);
    run(&m, p, sent, fs_start);
    *needed = copy.needed;
    assert_int_equal(copy.writes, m.writes);
    if (m.bad) {
        assert_int_equal(copy.hits_unread, m.unread);
        assert_int_equal(copy.hit_at, m.bad_at);
    } else {
        assert_false(copy.hits_unread);
        assert_false(m.wrong_byte);
        assert_memory_equal(m.flash, p->content, p->size);
    }
    if (m.bad != (copy.needed > fs_start)) {
        print_error("fs_start 0x%" PRIx64 ", sent 0x%" PRIx64
                    ", %zu bytes for %zu: needs 0x%" PRIx64 ", but %s\n",
                    fs_start, sent, p->n, p->size, copy.needed, m.bad ? "fails" : "goes well");
        fail();
    }
    return !m.bad;
}

// Around the place that is said to be enough, which is returned, and far from it.
static uint64_t compare_places(const struct packed *p, uint64_t sent)
{
    uint64_t needed, again;
    (void)compare(p, sent, sent, &needed);
    assert_int_equal(needed % SECTOR, 0);
    assert_true(compare(p, sent, needed, &again));
    assert_int_equal(again, needed);
    if (needed > sent) {
        assert_false(compare(p, sent, needed - SECTOR, &again));
    }
    (void)compare(p, sent, sent + number(8) * SECTOR, &again);
    assert_true(compare(p, sent, needed + (1 + number(8)) * SECTOR, &again));
    return needed;
}

static struct packed p;

TEST(blocks_of_all_kinds)
{
    for (int i = 0; i < (is_long() ? 100 : 25); i++) {
        make_blocks(&p);
        (void)compare_places(&p, up(p.n + (number(2) == 0 ? 260 : 0)));
    }
}

TEST(what_zlib_packs)
{
    for (int i = 0; i < (is_long() ? 40 : 10); i++) {
        make_zlib(&p);
        (void)compare_places(&p, up(p.n + (number(2) == 0 ? 260 : 0)));
    }
}

// A sector is full where a block ends, and the next block begins in the next piece: eboot has not
// read that piece when it writes. Byte for byte, as an empty block has five, and then with strides.
TEST(a_piece_is_read_when_it_is_needed)
{
    uint8_t bytes[SECTOR];
    unsigned behind = 0;
    size_t dense = is_long() ? 200 : HEADER + 20, stride = is_long() ? 13 : 131;
    noise(bytes, sizeof(bytes));
    for (size_t header = HEADER; header < HEADER + 2 * SECTOR;
         header += header < dense ? 1 : stride) {
        begin(&p, header);
        zeros(&p, (size_t)6 * SECTOR);
        for (int i = 0; i < 900; i++) {
            stored(&p, NULL, 0, false);
        }
        stored(&p, bytes, sizeof(bytes), false);
        finish(&p);
        behind += compare_places(&p, up(p.n)) > up(p.n);
    }
    assert_true(behind > 10);
}

TEST(the_smallest)
{
    uint8_t bytes[] = {0xE9};
    begin(&p, HEADER);
    stored(&p, bytes, 1, false);
    finish(&p);
    struct eboot_copy copy = ask(&p, SECTOR, SECTOR);
    assert_int_equal(copy.needed, SECTOR);
    assert_int_equal(copy.writes, 1);
    assert_false(copy.hits_unread);
    copy = ask(&p, SECTOR, 16 * SECTOR);
    assert_int_equal(copy.needed, SECTOR);
    copy = ask(&p, 2 * SECTOR, SECTOR); // more than there is in front of the file system
    assert_int_equal(copy.needed, 2 * SECTOR);
}

UNIT(esp8266_replay)
{
    const char *given = getenv("SEED");
    seed = given == NULL ? 1 : (uint32_t)strtoul(given, NULL, 0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_of_all_kinds),
        cmocka_unit_test(what_zlib_packs),
        cmocka_unit_test(a_piece_is_read_when_it_is_needed),
        cmocka_unit_test(the_smallest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
