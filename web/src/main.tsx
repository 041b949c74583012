import "@mantine/core/styles.layer.css";
import "./design/global.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import "./i18n";

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
