// SPDX-License-Identifier: Apache-2.0
//
// Lists of files, in all their forms. Laws: what is said of a file is whole, and there are no more
// of them than may be.
#include "fuzz.h"

#include <string.h>

#include "manifest.h"

static void law_file(const struct manifest_file *f)
{
    LAW(f->path != NULL);
    LAW(f->digest.name == NULL || (f->digest.size > 0 && f->digest.size <= DIGEST_MAX_SIZE));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = ARENA_EMPTY;
    struct otapack_source src = otapack_memory(data, size);
    struct manifest m;
    if (manifest_read(&a, &src, &m)) {
        size_t files = 0;
        LAW(m.title != NULL && m.builds != NULL);
        LAW(m.fault_count <= MANIFEST_FAULTS_MOST && m.claim_count <= MANIFEST_CLAIMS_MOST);
        for (const struct manifest_build *b = m.builds; b != NULL; b = b->next) {
            for (const struct manifest_file *f = b->files; f != NULL; f = f->next) {
                law_file(f);
                files++;
            }
            LAW(manifest_twice(&a, b) == NULL || b->count > 1);
        }
        LAW(files == m.file_count && files <= MANIFEST_FILES_MOST);
    }
    arena_free(&a);
    return 0;
}
