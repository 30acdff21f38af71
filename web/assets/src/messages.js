// The words of form-viewer.js; the rest of a page's words come from the server.
const zh = {
  saved: time => `${time} 已暂存`,
  autosaved: time => `${time} 已自动暂存`,
  saving: '正在暂存…',
  unsaved: '有未暂存的改动',
  lost: '没有存上：网络不通或登录已过期。填写的内容仍在本页，请另开一页登录后再试。',
  refused: '没有存上，请刷新页面后再试。',
  files: '附件随提交一并上传，不随暂存保存。',
  missing: count => `提交前还差 ${count} 项：`,
  of: (label, message) => `${label}：${message}`
};
const en = {
  saved: time => `Saved ${time}`,
  autosaved: time => `Saved automatically ${time}`,
  saving: 'Saving…',
  unsaved: 'Changes not saved yet',
  lost: 'Not saved: no network, or your session has ended. What you wrote is still on this page; sign in on another page and try again.',
  refused: 'Not saved. Reload the page and try again.',
  files: 'Attachments are sent with the form, not with a draft.',
  missing: count => count === 1 ? '1 item is missing:' : `${count} items are missing:`,
  of: (label, message) => `${label}: ${message}`
};
export default WENZE_LANGUAGE === 'zh' ? zh : en;
