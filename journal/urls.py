from django.urls import path

from .views import access_log, bell, exports, history, notice_writing, notices, outbox, robots, unsubscribe

app_name = "journal"
urlpatterns = [
    path("timeline/<str:label>/<int:pk>/", history.timeline_panel, name="timeline"),
    path("bell/", bell.bell, name="bell"),
    path("notifications/", bell.notifications, name="notifications"),
    path("notifications/read/", bell.notifications_read, name="notifications_read"),
    path("notifications/<int:pk>/open/", bell.notification_open, name="notification_open"),
    path("notifications/settings/", bell.push_settings, name="push_settings"),
    path("notices/", notices.notices, name="notices"),
    path("notices/new/", notice_writing.notice_new, name="notice_new"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("notices/<int:pk>/read/", notices.notice_read, name="notice_read"),
    path("notices/<int:pk>/readers/", notices.notice_readers, name="notice_readers"),
    path("notices/<int:pk>/edit/", notice_writing.notice_edit, name="notice_edit"),
    path("notices/<int:pk>/publish/", notice_writing.notice_publish, name="notice_publish"),
    path("notices/<int:pk>/withdraw/", notice_writing.notice_withdraw, name="notice_withdraw"),
    path("notices/files/<int:pk>/", notices.attachment, name="attachment"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<str:way>/<int:pk>/again/", outbox.outbox_again, name="outbox_again"),
    path("outbox/<str:way>/<int:pk>/close/", outbox.outbox_close, name="outbox_close"),
    path("outbox/robots/", robots.robots, name="robots"),
    path("outbox/robots/new/", robots.robot_new, name="robot_new"),
    path("outbox/robots/<int:pk>/", robots.robot_edit, name="robot_edit"),
    path("outbox/robots/<int:pk>/test/", robots.robot_test, name="robot_test"),
    path("access-log/", access_log.access_log, name="access_log"),
    path("exports/", exports.exports, name="exports"),
    path("exports/new/<slug:code>/", exports.export_new, name="export_new"),
    path("exports/<int:pk>/file/", exports.export_file, name="export_file"),
    path("exports/<int:pk>/end/", exports.export_end, name="export_end"),
    path("unsubscribe/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
]
