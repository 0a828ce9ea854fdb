// SPDX-License-Identifier: Apache-2.0
#include "policy_amount.h"

#include <string.h>

#include "text.h"

enum { NUMBER_MOST = 32, PERCENT_MOST = 100000 };

bool policy_amount_parse(const char *text, struct policy_amount *out)
{
    char digits[NUMBER_MOST];
    const char *number = text + (*text == '-');
    size_t n = strlen(number);
    uint64_t value = 0;
    *out = (struct policy_amount){.text = text, .percent = n > 0 && number[n - 1] == '%'};
    n -= out->percent;
    if (n == 0 || n >= sizeof(digits)) {
        return false;
    }
    memcpy(digits, number, n);
    digits[n] = '\0';
    bool good = out->percent ? text_number(digits, &value) && value <= PERCENT_MOST
                             : text_bytes(digits, &value) && value <= UINT32_MAX;
    out->number = *text == '-' ? -(int64_t)value : (int64_t)value;
    return good;
}

// Files have 4 GiB at most, so that no product comes near 64 bits.
int policy_amount_compare(int64_t bytes, const struct policy_amount *amount, uint64_t whole)
{
    int64_t is = amount->percent ? bytes * 100 : bytes;
    int64_t wanted = amount->percent ? amount->number * (int64_t)whole : amount->number;
    return is < wanted ? -1 : is > wanted;
}

static bool take_amount(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    (void)key;
    const char *text = take_text(s, v);
    return text != NULL && (policy_amount_parse(text, to) ||
                            err_set(s->e, STATUS_CANNOT,
                                    "%s: %s '%s' is no amount; write bytes, such as 64K, or whole "
                                    "percent, such as 10%%",
                                    v->where, v->key, text_printable(s->arena, text)));
}

// What is to be left: a device has no room for less than nothing.
static bool take_room(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    const struct policy_amount *amount = to;
    return take_amount(s, v, key, to) &&
           (amount->number >= 0 ||
            err_set(
                s->e, STATUS_CANNOT,
                "%s: %s '%s' is less than nothing; write what is to be left, such as 64K or 10%%",
                v->where, v->key, text_printable(s->arena, amount->text)));
}

const struct key_kind key_amount = {"amount", take_amount}, key_room = {"amount", take_room};
