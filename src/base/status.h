// SPDX-License-Identifier: Apache-2.0
//
// Exit statuses.
#ifndef STATUS_H
#define STATUS_H

enum status {
    STATUS_OK = 0,     // done, and every check passed
    STATUS_NO = 1,     // the input was read, and the answer is no
    STATUS_CANNOT = 2, // otapack could not do what was asked
};

#endif
