document.addEventListener("DOMContentLoaded", () => {
  startTheme();
  startContents();
  startReveal();
  startFilter();
  startPictures();
  startCommands();
  startPrint();
  startTimes();
});
