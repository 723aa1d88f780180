/* core.h - routes that belong to the server itself: health, metrics, API description, language and font size. */
#ifndef HTTP_CORE_H
#define HTTP_CORE_H

#include "http/wire.h"

extern const struct module core_module;

#endif
