import json

from django.core.management.base import BaseCommand, CommandError

from crm_site.bench import CUSTOMERS, all_figures, until_the_end


class Command(BaseCommand):
    help = "Measure what Keke promises. A line per figure: name, value, floor, ratio, limit, ok."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("name", nargs="*", help="figures to measure (default: all)")
        parser.add_argument(
            "--customers", type=int, default=CUSTOMERS, help="size of the book that pages are measured on (%(default)s)"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object per line")
        parser.add_argument("--list", action="store_true", help="only say which figures there are")

    def handle(self, *, name, **options):
        figures = all_figures()
        if unknown := set(name) - set(figures):
            raise CommandError(f"No figure {', '.join(sorted(unknown))}. There are: {', '.join(sorted(figures))}.")
        chosen = [figures[key] for key in name] or list(figures.values())
        if options["list"]:
            for figure in chosen:
                self.stdout.write(f"{figure.name}: {figure.title}")
            return
        with until_the_end:
            kept = [self._measure(figure, options["customers"], as_json=options["json"]) for figure in chosen]
        if not all(kept):
            raise CommandError(f"{kept.count(False)} of {len(kept)} figures are beyond their limit.")

    def _measure(self, figure, customers, *, as_json):
        """Measure and print one figure; whether it keeps its limit."""
        measured = figure.taken(say=lambda text: self.stderr.write(f"  {text}"), customers=customers)
        ratio = measured.value / measured.floor
        ok = ratio <= figure.limit
        line = {
            "name": figure.name, "value": round(measured.value, 6), "floor": round(measured.floor, 6),
            "unit": figure.unit, "ratio": round(ratio, 3), "limit": figure.limit, "ok": ok, "note": measured.note,
        }  # fmt: skip
        if as_json:
            self.stdout.write(json.dumps(line, ensure_ascii=False))
        else:
            self.stdout.write(
                f"{figure.name}  value {measured.value:.6g} {figure.unit}  floor {measured.floor:.6g}  "
                f"ratio {ratio:.2f}  limit {figure.limit:g}  {'ok' if ok else 'TOO MUCH'}  {measured.note}".rstrip()
            )
        return ok
