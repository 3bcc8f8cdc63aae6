// One file for all of them: who opens one opens the others, and a file each would be cut into many small ones.
export { ReplayPage } from "./ReplayPage";
export { ReplaysPage } from "./ReplaysPage";
export { ScenarioPage } from "./ScenarioPage";
export { ScenariosPage } from "./ScenariosPage";
