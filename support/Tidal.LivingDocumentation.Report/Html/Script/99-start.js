document.addEventListener("DOMContentLoaded", () => {
  startTheme();
  startContents();
  startReveal();
  startFilter();
  startPictures();
  startWords();
  startCommands();
  startPrint();
  startTimes();
});
