// SPDX-License-Identifier: Apache-2.0
//
// The streams of bundles, of Zigbee files, and of what is expected alone. The first byte says which
// stream and which hashes, the second how large the pieces are; a file as it is, such as a fixture,
// begins with a byte that no such input does, and goes through all of them. Laws: what is told does
// not depend on how the bytes are cut; nothing is told that is not in the file; what begins ends,
// last first, and FINISHED comes behind all of it; a Zigbee file and a bundle whose sizes are those
// of the bytes tell what the parsers say, and of each image what a stream says of it alone.
#include "fuzz.h"

#include "../unit/container_oracle.h"

static struct log first, second;

static void complain(const char *what, const struct log *a, const struct log *b)
{
    fprintf(stderr, "%s\n", what);
    log_print("the stream", a);
    log_print("it should be", b);
    abort();
}

static void law_logs(const char *what, const struct log *a, const struct log *b)
{
    const char *wrong = log_differs(a, b);
    if (wrong != NULL) {
        fprintf(stderr, "%s: ", what);
        complain(wrong, a, b);
    }
}

// Only what is whole has an oracle: where a file is cut, a stream has told more of what is there.
static void law_oracle(const uint8_t *data, size_t size, const struct arrival *how)
{
    struct otapack_source src = otapack_memory(data, size);
    struct otapack_matter m;
    struct otapack_zigbee z;
    if (how->kind == ZIGBEE && otapack_zigbee_open(&src, &z).code == OTAPACK_OK &&
        z.total_size == size) {
        expect_zigbee(&second, data, size, how);
        law_logs("not as the parsers", &first, &second);
    } else if (how->kind == BUNDLE && otapack_matter_open(&src, &m).code == OTAPACK_OK &&
               m.total_size == size && otapack_matter_payload_at(&m) + m.payload_size == size) {
        expect_bundle(&second, data, size, how);
        law_logs("not as the parsers", &first, &second);
    }
}

static void law_all(const uint8_t *data, size_t size, struct arrival how)
{
    struct arrival whole = how;
    arrive(&first, data, size, &how);
    LAW(first.code != OTAPACK_READ_FAILED && first.code != OTAPACK_REFUSED);
    whole.chunk = 0;
    whole.seed = 0;
    arrive(&second, data, size, &whole);
    law_logs("other pieces", &first, &second);
    law_oracle(data, size, &how);
    whole.refuse = 1 + (unsigned)(size % (first.n + 1));
    arrive(&second, data, size, &whole);
    LAW(second.broken == NULL && (second.code != OTAPACK_OK || second.n == first.n));
}

static bool is_file(const uint8_t *data, size_t size)
{
    return size > 0 &&
           (data[0] == 0x1E || data[0] == 0xFF || data[0] == OTAPACK_ESP_MAGIC || data[0] == 0xAA);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arrival how = {.chunk = 7, .flash_size = 4U << 20};
    if (is_file(data, size)) {
        for (int kind = BUNDLE; kind <= TABLE; kind++) {
            how.kind = (enum kind)kind;
            law_all(data, size, how);
        }
        return 0;
    }
    if (size < 2 || data[0] >= 0x80) {
        return 0;
    }
    how.kind = (enum kind)(BUNDLE + (data[0] & 7) % TABLE);
    how.no_hashes = (data[0] & 8) == 0; // or most changes would be found by these
    how.unannounced = (data[0] & 16) != 0;
    how.unwanted = (data[0] & 32) != 0 ? 2 : 0;
    how.most = (data[0] & 64) != 0 ? 2 : 0;
    how.chunk = data[1];
    law_all(data + 2, size - 2, how);
    return 0;
}
