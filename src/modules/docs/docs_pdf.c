/* docs_pdf.c - layout with Pango, pages with cairo, the code with libqrencode. */
#include "docs_pdf.h"

#include "base/log.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>

#define FONT "WenQuanYi Zen Hei"

/* Lengths in points (1/72 inch). Margins of GB/T 9704: 37 mm above, 35 mm below, 28 mm left, 26 mm right. */
#define PAGE_WIDTH 595.28
#define PAGE_HEIGHT 841.89
#define LEFT 79.4
#define RIGHT 73.7
#define TOP 104.9
#define BOTTOM 99.2
#define WIDTH (PAGE_WIDTH - LEFT - RIGHT)
#define BODY_SIZE 14.0
#define LEADING 1.75
#define QR_SIZE 79.0
#define NUMBER_Y (PAGE_HEIGHT - 62.0)

/* One kind of line on the paper. */
struct style {
    double         size, before; /* points; space above */
    PangoAlignment align;
    bool           indent; /* two characters */
};
static const struct style TITLE = { 22, 0, PANGO_ALIGN_CENTER, false };
static const struct style NUMBER = { 12, 8, PANGO_ALIGN_CENTER, false };
static const struct style ADDRESSEE = { BODY_SIZE, 22, PANGO_ALIGN_LEFT, false };
static const struct style BODY = { BODY_SIZE, 0, PANGO_ALIGN_LEFT, true };
static const struct style FLUSH = { BODY_SIZE, 0, PANGO_ALIGN_LEFT, false };
static const struct style END = { BODY_SIZE, 0, PANGO_ALIGN_RIGHT, false };
static const struct style SMALL = { 9, 0, PANGO_ALIGN_LEFT, false };

/* The paper being written; `draws` is false in the first round, which only counts the pages. */
struct press {
    cairo_t *cr;
    bool     draws;
    double   y;
    int      page, pages;
};

/* ---- text -------------------------------------------------------------------------------------------------------- */

static PangoLayout *layout_open(cairo_t *cr, const struct style *s, struct str text, double width)
{
    PangoLayout *l = pango_cairo_create_layout(cr);
    PangoFontDescription *f = pango_font_description_from_string(FONT);
    pango_font_description_set_absolute_size(f, s->size * PANGO_SCALE);
    pango_layout_set_font_description(l, f);
    pango_font_description_free(f);
    pango_layout_set_width(l, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(l, s->align);
    if (s->indent)
        pango_layout_set_indent(l, (int)(2 * s->size * PANGO_SCALE));
    pango_layout_set_text(l, text.p ? text.p : "", (int)text.n);
    return l;
}

static void page_number(struct press *p)
{
    char text[60];
    int n = snprintf(text, sizeof text, "第%d页，共%d页", p->page, p->pages);
    if (!p->draws)
        return;
    struct style s = SMALL;
    s.align = PANGO_ALIGN_CENTER;
    PangoLayout *l = layout_open(p->cr, &s, (struct str){ text, (size_t)n }, WIDTH);
    cairo_move_to(p->cr, LEFT, NUMBER_Y);
    pango_cairo_show_layout(p->cr, l);
    g_object_unref(l);
}

static void page_begin(struct press *p)
{
    p->page++;
    p->y = TOP;
}

static void page_end(struct press *p)
{
    page_number(p);
    if (p->draws)
        cairo_show_page(p->cr);
}

/* Room for `height`; a new page if there is none. */
static void room(struct press *p, double height)
{
    if (p->y + height <= PAGE_HEIGHT - BOTTOM)
        return;
    page_end(p);
    page_begin(p);
}

static void line_put(struct press *p, const struct style *s, PangoLayoutIter *it)
{
    PangoRectangle r;
    double height = s->size * LEADING;
    room(p, height);
    pango_layout_iter_get_line_extents(it, NULL, &r);
    if (p->draws) {
        cairo_move_to(p->cr, LEFT + (double)r.x / PANGO_SCALE, p->y + s->size);
        pango_cairo_show_layout_line(p->cr, pango_layout_iter_get_line_readonly(it));
    }
    p->y += height;
}

static void text_put(struct press *p, const struct style *s, struct str text)
{
    PangoLayout *l = layout_open(p->cr, s, text, WIDTH);
    PangoLayoutIter *it = pango_layout_get_iter(l);
    p->y += s->before;
    do
        line_put(p, s, it);
    while (pango_layout_iter_next_line(it));
    pango_layout_iter_free(it);
    g_object_unref(l);
}

/* ---- code -------------------------------------------------------------------------------------------------------- */

static void qr_draw(cairo_t *cr, const QRcode *q, double x, double y)
{
    double cell = QR_SIZE / q->width;
    cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
    for (int row = 0; row < q->width; row++)
        for (int col = 0; col < q->width; col++)
            if (q->data[row * q->width + col] & 1)
                cairo_rectangle(cr, x + col * cell, y + row * cell, cell, cell);
    cairo_fill(cr);
    cairo_set_antialias(cr, CAIRO_ANTIALIAS_DEFAULT);
}

static void check_put(struct press *p, struct arena *a, const struct docs_paper *paper, const QRcode *q)
{
    const double text_x = QR_SIZE + 12;
    struct str how = arena_fmt(a, "扫码可以核对本文书的真伪，也可以打开 " STR_F " 填写文号和校验码。\n校验码：" STR_F "\n电子文件有发文机关的数字签名。",
                               STR_A(paper->page), STR_A(paper->check_code));
    p->y += 30;
    room(p, QR_SIZE);
    if (!p->draws)
        return;
    qr_draw(p->cr, q, LEFT, p->y);
    PangoLayout *l = layout_open(p->cr, &SMALL, how, WIDTH - text_x);
    pango_layout_set_spacing(l, (int)(0.6 * SMALL.size * PANGO_SCALE));
    cairo_move_to(p->cr, LEFT + text_x, p->y + 6);
    pango_cairo_show_layout(p->cr, l);
    g_object_unref(l);
}

/* ---- paper ------------------------------------------------------------------------------------------------------- */

static struct str day_words(struct arena *a, struct day d)
{
    struct civil c = day_civil(d);
    return arena_fmt(a, "%d年%d月%d日", c.year, c.month, c.day);
}

static void paper_put(struct press *p, struct arena *a, const struct docs_paper *paper, const QRcode *q)
{
    const struct cases_text *t = &paper->text;
    const struct cases_paragraph *lines = t->paragraphs.v;
    page_begin(p);
    text_put(p, &TITLE, t->title);
    text_put(p, &NUMBER, t->number);
    text_put(p, &ADDRESSEE, arena_fmt(a, STR_F "：", STR_A(t->applicant)));
    for (size_t i = 0; i < t->paragraphs.n; i++)
        text_put(p, lines[i].flush ? &FLUSH : &BODY, lines[i].text);
    p->y += 2 * BODY_SIZE;
    room(p, 2 * BODY_SIZE * LEADING);
    text_put(p, &END, t->body);
    text_put(p, &END, day_words(a, t->day));
    check_put(p, a, paper, q);
    page_end(p);
}

static void metadata_set(cairo_surface_t *s, struct arena *a, const struct docs_paper *p)
{
    struct buf b;
    buf_init(&b, a, 40);
    buf_when(&b, p->at.ms);
    buf_char(&b, '\0');
    struct str title = arena_fmt(a, STR_F " " STR_F, STR_A(p->text.title), STR_A(p->text.number));
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, title.p);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_AUTHOR, arena_str(a, p->text.body).p);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATOR, "Tongban");
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, b.p);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_MOD_DATE, b.p);
}

static cairo_status_t bytes_take(void *to, const unsigned char *p, unsigned n)
{
    buf_put(to, p, n);
    return CAIRO_STATUS_SUCCESS;
}

/* Pango would take another font silently, and print boxes. */
static bool font_is_there(cairo_t *cr)
{
    PangoLayout *l = layout_open(cr, &BODY, STR("办"), WIDTH);
    PangoFontDescription *want = pango_font_description_from_string(FONT);
    PangoFont *font = pango_context_load_font(pango_layout_get_context(l), want);
    PangoFontDescription *got = font ? pango_font_describe(font) : NULL;
    bool ok = got && str_is(str_c(pango_font_description_get_family(got)), FONT);
    pango_font_description_free(got);
    pango_font_description_free(want);
    if (font)
        g_object_unref(font);
    g_object_unref(l);
    if (!ok)
        log_error("the font %s is missing; install it (fonts-wqy-zenhei)", FONT);
    return ok;
}

static enum rc press_run(cairo_surface_t *s, struct arena *a, const struct docs_paper *paper, const QRcode *q)
{
    cairo_t *cr = cairo_create(s);
    bool ok = font_is_there(cr);
    if (ok) {
        struct press count = { .cr = cr };
        paper_put(&count, a, paper, q);
        struct press print = { .cr = cr, .draws = true, .pages = count.page };
        paper_put(&print, a, paper, q);
    }
    cairo_destroy(cr);
    cairo_surface_finish(s);
    if (cairo_surface_status(s) != CAIRO_STATUS_SUCCESS)
        log_error("the PDF cannot be written: %s", cairo_status_to_string(cairo_surface_status(s)));
    return ok && cairo_surface_status(s) == CAIRO_STATUS_SUCCESS ? RC_OK : RC_FAILED;
}

enum rc docs_pdf_make(struct arena *a, const struct docs_paper *p, struct str *out)
{
    struct buf b;
    QRcode *q = QRcode_encodeString8bit(arena_str(a, p->address).p, 0, QR_ECLEVEL_M);
    if (!q) {
        log_error("no QR code for an address of %zu bytes", p->address.n);
        return RC_FAILED;
    }
    buf_init(&b, a, 64 * 1024);
    cairo_surface_t *s = cairo_pdf_surface_create_for_stream(bytes_take, &b, PAGE_WIDTH, PAGE_HEIGHT);
    cairo_pdf_surface_restrict_to_version(s, CAIRO_PDF_VERSION_1_4); /* later ones may hide objects in streams: docs_seal.c reads none */
    metadata_set(s, a, p);
    enum rc rc = press_run(s, a, p, q);
    cairo_surface_destroy(s);
    QRcode_free(q);
    *out = buf_view(&b);
    return rc;
}
