"""Names of static files as they are served: with a digest of their content, so browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Remembers each address: a page asks for fifty icons, and Django takes every name apart anew."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self._urls = {}

    def url(self, name, force=False):
        if (name, force) not in self._urls:
            self._urls[name, force] = super().url(name, force)
        return self._urls[name, force]

    def save_manifest(self):
        self._urls.clear()
        super().save_manifest()
