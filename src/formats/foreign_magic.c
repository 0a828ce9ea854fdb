// SPDX-License-Identifier: Apache-2.0
//
// Kinds of files that say what they are at a fixed place, and nothing more has to be asked.
#include "foreign_row.h"

#define UNPACK "unpack it, and give the image that is inside"
#define NOT_ESP "it is for another system: no device of Espressif takes it"
#define OTHER_CHIP "it is for another maker's chip: no device of Espressif takes it"

const struct foreign_magic foreign_magics[] = {
#define MAGIC(at, text, kind, instead)                                                             \
    {                                                                                              \
        at, text, sizeof(text) - 1,                                                                \
        {                                                                                          \
            kind, instead, NULL, NULL                                                              \
        }                                                                                          \
    }
    // ---- Archives and compression
    MAGIC(0, "\x1F\x8B", "gzip", "unpack it with gunzip"),
    MAGIC(0, "PK\3\4", "ZIP", UNPACK),
    MAGIC(0, "PK\5\6", "ZIP", "it is an archive with nothing in it"),
    MAGIC(0,
          "\xFD"
          "7zXZ\0",
          "XZ", "unpack it with unxz"),
    MAGIC(0, "7z\xBC\xAF\x27\x1C", "7z", UNPACK),
    MAGIC(0, "Rar!\x1A\x07", "RAR", UNPACK),
    MAGIC(0, "\x28\xB5\x2F\xFD", "Zstandard", "unpack it with unzstd"),
    MAGIC(0, "\x04\x22\x4D\x18", "LZ4", "unpack it with unlz4"),
    MAGIC(0, "\x02\x21\x4C\x18", "LZ4", "unpack it with unlz4"),
    MAGIC(0, "LZIP\1", "lzip", "unpack it with lzip -d"),
    MAGIC(257, "ustar", "tar", UNPACK),
    MAGIC(0, "!<arch>\ndebian-binary", "Debian package", "unpack it with dpkg -x"),
    MAGIC(0, "!<arch>\n", "library",
          "link it, and make an image of the program with esptool elf2image"),
    MAGIC(0, "\xED\xAB\xEE\xDB", "RPM package", UNPACK),
    // ---- Programs and documents
    MAGIC(0,
          "\x7F"
          "ELF",
          "ELF", "make an image of it with esptool elf2image"),
    MAGIC(0, "\xCF\xFA\xED\xFE", "Mach-O program", NOT_ESP),
    MAGIC(0, "\xCE\xFA\xED\xFE", "Mach-O program", NOT_ESP),
    MAGIC(0, "\0asm\1\0\0\0", "WebAssembly", "give the image of the firmware that runs it"),
    MAGIC(0, "%PDF-", "PDF", "a document, not an image"),
    MAGIC(0, "\x89PNG\r\n\x1A\n", "PNG", "a picture, not a firmware image"),
    MAGIC(0, "\xFF\xD8\xFF\xE0", "JPEG", "a picture, not a firmware image"),
    MAGIC(0, "\xFF\xD8\xFF\xE1", "JPEG", "a picture, not a firmware image"),
    MAGIC(0, "\xFF\xD8\xFF\xDB", "JPEG", "a picture, not a firmware image"),
    MAGIC(0, "GIF89a", "GIF", "a picture, not a firmware image"),
    MAGIC(0, "GIF87a", "GIF", "a picture, not a firmware image"),
    MAGIC(0, "SQLite format 3\0", "SQLite database", "a database, not an image"),
    MAGIC(0, "-----BEGIN", "PEM", "a key or a certificate, not an image"),
    // ---- Firmware in other wrappings, and of others
    MAGIC(0, "\xCF\xB6\x88\x07", "pre-encrypted image", "only its key shows what is inside"),
    MAGIC(0, "BSDIFF40", "bsdiff patch", "give the file that it makes of the old one"),
    MAGIC(0, "ENDSLEY/BSDIFF43", "bsdiff patch", "give the file that it makes of the old one"),
    MAGIC(0, "\xD6\xC3\xC4", "VCDIFF patch", "give the file that it makes of the old one"),
    MAGIC(0, "DfuSe\1", "DfuSe file", OTHER_CHIP),
    MAGIC(0, "\x27\x05\x19\x56", "uImage", NOT_ESP),
    MAGIC(0, "\xD0\x0D\xFE\xED", "FIT image or device tree", NOT_ESP),
    MAGIC(0, "-rom1fs-", "romfs", "it is the image of a file system: give the app"),
    MAGIC(0, "\x45\x3D\xCD\x28", "cramfs", NOT_ESP),
    MAGIC(0, "ANDROID!", "Android boot image", NOT_ESP),
    MAGIC(0, "\xEB\x17\xA6\x03", "Silicon Labs GBL file", OTHER_CHIP),
    MAGIC(0, "\x99\x99\x96\x96\x3F\xCC\x66\xFC", "Realtek firmware", OTHER_CHIP),
    MAGIC(0, "81958711", "Realtek firmware", OTHER_CHIP),
    MAGIC(8, "KNLT", "Telink firmware", OTHER_CHIP),
    MAGIC(0, "RBL\0", "Beken RBL file", OTHER_CHIP),
    // ---- What an ESP's flash holds beside the firmware
    MAGIC(0, "\x11\xBA\x5E\xBA", "esp_secure_cert partition",
          "it is flashed to its own partition: give the app"),
    MAGIC(0, "#!/usr/bin/env AtomVM\n", "AtomVM modules",
          "they are flashed to their own partition: give the firmware"),
    MAGIC(0, "<?xml", "XML", "a server sent a message, not the file: check the URL"),
    MAGIC(0, "\xEF\xBB\xBF<?xml", "XML", "a server sent a message, not the file: check the URL"),
    {0, NULL, 0, {NULL, NULL, NULL, NULL}},
#undef MAGIC
};

const struct foreign_row *foreign_magic(const struct foreign_view *v)
{
    for (const struct foreign_magic *m = foreign_magics; m->bytes != NULL; m++) {
        if (foreign_has(v, m->at, m->bytes, m->n)) {
            return &m->row;
        }
    }
    return NULL;
}
