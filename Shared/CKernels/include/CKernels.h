// All that Swift sees of this module: one header a topic. (Without this list the build would not notice a new one.)
#pragma once
#include "arrays.h"
#include "blake3.h"
#include "fields.h"
#include "isa.h"
#include "maps.h"
#include "memory.h"
#include "ntt.h"
#include "pause.h"
#include "rounds.h"
#include "words.h"
