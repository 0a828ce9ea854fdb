// SPDX-License-Identifier: Apache-2.0
#include "publish_url.h"

#include <string.h>

#include "file_path.h"
#include "text.h"

static bool is_folder(const char *url)
{
    return url[strlen(url) - 1] == '/';
}

const char *publish_url_of(const struct args *args, size_t n, struct arena *a)
{
    const char **urls = args_values(args, "url");
    if (urls[0] == NULL) {
        return NULL;
    }
    return urls[1] == NULL && is_folder(urls[0])
               ? arena_printf(a, "%s%s", urls[0], file_path_name(args->operands[n]))
               : urls[n];
}

// A host, and nobody's name or password in front of it, for what is published all can read.
static bool has_host_alone(const char *place)
{
    size_t n = strcspn(place, "/?#");
    return strcspn(place, ":") > 0 && n > 0 && memchr(place, '@', n) == NULL;
}

bool publish_url_is(const char *url, const char *scheme)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                  "-._~:/?#[]@!$&'()*+,;=%";
    return strncmp(url, scheme, strlen(scheme)) == 0 && strspn(url, allowed) == strlen(url) &&
           has_host_alone(url + strlen(scheme));
}

bool publish_url_is_web(const char *url, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    bool is = publish_url_is(url, "https://") || publish_url_is(url, "http://");
    if (!is) {
        err_set(e, STATUS_CANNOT,
                "--url %s: write an https:// or http:// URL with a host, without blanks, and "
                "without a name or password",
                text_printable(&a, url));
    }
    arena_free(&a);
    return is;
}

bool publish_urls_fit(const struct args *args, bool names, struct err *e)
{
    const char **list = args_values(args, "url");
    size_t count = args->operand_count, urls = 0;
    while (list[urls] != NULL) {
        urls++;
    }
    for (size_t i = 0; i < count; i++) {
        bool whole = urls == count && !is_folder(list[i]);
        if (strcmp(args->operands[i], "-") == 0 && !whole && (urls > 0 || names)) {
            return err_set(e, STATUS_CANNOT,
                           "standard input has no name to publish; give its whole --url");
        }
    }
    return urls == 0 || urls == count || (urls == 1 && is_folder(list[0])) ||
           err_set(e, STATUS_CANNOT,
                   "--url is given %zu time%s for %zu file%s; give one for each file, or a "
                   "single one that ends in /",
                   urls, urls == 1 ? "" : "s", count, count == 1 ? "" : "s");
}
