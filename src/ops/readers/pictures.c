/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>

#include "base/op.h"
#include "table/read-pictures.h"

extern const PatronOp patron_op_pictures;

const PatronOp patron_op_pictures = {
  .id = "pictures",
  .kind = PATRON_OP_READER,
  .title = N_("Folder of pictures"),
  .question = N_("Which pictures are in this folder?"),
  .summary = N_("Lists the pictures of a folder and of the folders inside it, a row for each."),
  .help = N_("A row says where a picture is, its name, the folder it stands in (often what it shows), its width and height, its size in bytes and when it was taken, if the camera "
             "has noted that. The pictures themselves stay where they are."),
  .reference = "Exif 2.3; ISO/IEC 10918-1; ISO/IEC 15948",
  .params = patron_pictures_params,
  .params_size = sizeof (PatronPicturesOptions),
  .reader = &patron_reader_pictures,
};
