// SPDX-License-Identifier: Apache-2.0
#include "device_log.h"

#include <string.h>
#include <strings.h>

const struct device_log device_logs[] = {
#define LOG(symbol, who, words) {CHECK_##symbol, who, words},
#include "logs.def"
#undef LOG
};
const size_t device_log_count = sizeof(device_logs) / sizeof(device_logs[0]);

enum { LEAST = 8 }; // fewer characters of a message could be of any

// Where `text` has these n characters, in capitals or not; NULL: nowhere.
static const char *find(const char *text, const char *part, size_t n)
{
    for (size_t left = strlen(text); left >= n; text++, left--) {
        if (strncasecmp(text, part, n) == 0) {
            return text;
        }
    }
    return NULL;
}

// The pieces of a message between its conversions, one after the other.
static bool has_pieces(const char *line, const char *words)
{
    while (*words != '\0') {
        size_t n = strcspn(words, "%");
        const char *at = find(line, words, n);
        if (at == NULL) {
            return false;
        }
        line = at + n;
        words += n;
        if (*words == '%') {
            words += 1 + strcspn(words + 1, "cdsuxX"); // flags and widths
            words += *words != '\0';
        }
    }
    return true;
}

bool device_log_fits(const struct device_log *log, const char *line)
{
    size_t n = strlen(line);
    return has_pieces(line, log->words) || (n >= LEAST && find(log->words, line, n) != NULL);
}
