// SPDX-License-Identifier: Apache-2.0
//
// What lists of files say, whichever form they have: which files, where each goes, what each is.
#ifndef MANIFEST_H
#define MANIFEST_H

#include "beside.h"
#include "digest.h"
#include "json.h"
#include "read.h"

enum {
    MANIFEST_TEXT_MOST = 4 << 20,  // bytes of one
    MANIFEST_JSON_MOST = 1 << 20,  // of one that is JSON
    MANIFEST_FILES_MOST = 16384,   // files that it names
    MANIFEST_FAULTS_MOST = 16,     // that are said
    MANIFEST_FLASH_MOST = 1 << 27, // bytes of flash: as much as a header can say
};

enum manifest_kind {
    MANIFEST_WEB,
    MANIFEST_IDF,
    MANIFEST_IDF_TEXT,
    MANIFEST_SUMS,
    MANIFEST_DCL,
    MANIFEST_HOSTED
};

// A digest that a file is said to have.
struct manifest_digest {
    const char *name; // as a person says it: "MD5"; NULL: none is said
    enum digest_algorithm algorithm;
    size_t size;
    uint8_t bytes[DIGEST_MAX_SIZE];
};

struct manifest_file {
    struct manifest_file *next;
    const char *path;
    const char *version; // that it is said to have; NULL: none is said of it alone
    bool flashed; // to `address`, beside the others of its build; else it is an update, or just a
                  // file
    uint64_t address;
    bool has_size;
    uint64_t size;
    struct manifest_digest digest;

    enum beside_answer answer;
    struct input *input; // NULL: it is not open
    struct input_identity identity;
    struct manifest_file *next_hashed; // of a list of digests
    struct node *node;                 // what is shown of it
    bool laid_out;                     // it is a part of the flash that its build makes
};

// Files that go onto one device.
struct manifest_build {
    struct manifest_build *next;
    const char *family; // "ESP32-C3"; NULL: it is not said
    struct manifest_file *files, **files_end;
    size_t count;
    struct node *node;
    const char *overlap; // of which two files, NULL: none
};

// Does it end beyond all flash that there is? What is not open has no size.
bool manifest_is_beyond(const struct manifest_file *f);

// What an entry of the DCL says of the header of its file: a number, or a text.
enum { MANIFEST_CLAIMS_MOST = 8 };
struct manifest_claim {
    const char *name;  // there
    const char *field; // here
    const char *value; // as a person writes it
};

struct manifest {
    struct arena *arena;
    enum manifest_kind kind;
    const char *title;   // "ESP Web Tools manifest"
    const char *version; // of all that is in it; NULL: it is not said
    const char *faults[MANIFEST_FAULTS_MOST];
    size_t fault_count;
    bool full;              // it names more files than are looked at
    const char *two_places; // of a file that is said to go to two; NULL: none
    struct manifest_build *builds, **builds_end;
    size_t file_count;
    struct manifest_claim claims[MANIFEST_CLAIMS_MOST];
    size_t claim_count;
};

// False: the bytes are no such list. All that it says is in `a`.
bool manifest_read(struct arena *a, const struct otapack_source *src, struct manifest *m);

// Those who read a form, the JSON or the text, if it is theirs.
bool manifest_web(struct manifest *m, json_t *root);
bool manifest_idf(struct manifest *m, json_t *root);
bool manifest_dcl(struct manifest *m, json_t *root);
bool manifest_hosted(struct manifest *m, json_t *root);
bool manifest_sums(struct manifest *m, const char *text);
bool manifest_idf_text(struct manifest *m, const char *text);

// What they put together.
void manifest_fault(struct manifest *m, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct manifest_build *manifest_add_build(struct manifest *m, const char *family);
bool manifest_has_room(struct manifest *m, size_t most); // for one more; else that is a fault
struct manifest_file *manifest_add(struct manifest *m, struct manifest_build *b, const char *path);
bool manifest_take_hex(struct manifest_digest *d, const char *digits); // by how many there are
const char *manifest_string(struct manifest *m, const json_t *object, const char *key);
const char *manifest_url_file(struct manifest *m, const char *url); // what an address ends with
bool manifest_number(const json_t *value, uint64_t *out);           // also as text

// Lays out what is flashed of a build, and adds it to the tree, unless it is no flash image. What
// lies over one another is noted in any case.
void manifest_add_flash(struct reader *r, const struct manifest *m, struct manifest_build *b);

// What a build names twice, NULL: nothing.
const char *manifest_twice(struct arena *a, const struct manifest_build *b);

// Firmware in the folder that the list does not name, nor another list beside it: "a, b, ...";
// NULL: none.
const char *manifest_stale(struct arena *a, struct beside *beside, const struct manifest *m);

#endif
